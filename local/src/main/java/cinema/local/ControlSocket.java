package cinema.local;

import cinema.shared.service.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/**
 * Where a run takes commands from whoever may write to its data directory: a line that asks, lines
 * that tell how it goes, and a last one that says whether it went well.
 */
final class ControlSocket implements AutoCloseable {
  private static final String DONE = "done";
  private static final String FAILED = "failed: ";

  /** Does what is asked. */
  interface Command {
    /**
     * @param progress lines for the person who asks
     * @throws Exception whose message tells why it was not done
     */
    void run(String request, Consumer<String> progress) throws Exception;
  }

  private final ServerSocketChannel server;
  private final Path path;

  private ControlSocket(ServerSocketChannel server, Path path) {
    this.server = server;
    this.path = path;
  }

  private static Path in(Place place) {
    Path absolute = place.data().resolve("control");
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    // Systems bound how long it may be, to about a hundred characters.
    return relative.toString().length() < absolute.toString().length() ? relative : absolute;
  }

  /** Takes commands, one at a time, until it is closed. */
  static ControlSocket listen(Place place, Command command) throws IOException {
    Path path = in(place);
    Files.deleteIfExists(path); // of a run that was killed; the claim says that there is no other
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    ControlSocket socket = new ControlSocket(server, path);
    Thread.ofPlatform().daemon().name("control").start(() -> socket.serve(command));
    return socket;
  }

  private void serve(Command command) {
    while (server.isOpen()) {
      try (SocketChannel asking = server.accept()) {
        answer(asking, command);
      } catch (IOException e) {
        // Whoever asked has gone, or this is closed.
      }
    }
  }

  private static void answer(SocketChannel asking, Command command) throws IOException {
    BufferedReader in = new BufferedReader(Channels.newReader(asking, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(Channels.newWriter(asking, StandardCharsets.UTF_8), true);
    String request = in.readLine();
    if (request == null) {
      return;
    }
    try {
      command.run(request, out::println);
      out.println(DONE);
    } catch (Exception e) {
      out.println(FAILED + Service.reason(e));
    }
  }

  /**
   * Asks the run over this place, and returns when it is done.
   *
   * @throws CannotStart when nothing runs there, or when it was not done
   */
  static void ask(Place place, String request, Consumer<String> progress) {
    try (SocketChannel run = SocketChannel.open(UnixDomainSocketAddress.of(in(place)))) {
      PrintWriter out = new PrintWriter(Channels.newWriter(run, StandardCharsets.UTF_8), true);
      out.println(request);
      BufferedReader in = new BufferedReader(Channels.newReader(run, StandardCharsets.UTF_8));
      for (String line = in.readLine(); !DONE.equals(line); line = in.readLine()) {
        if (line == null) {
          throw new CannotStart("the run has ended meanwhile");
        }
        if (line.startsWith(FAILED)) {
          throw new CannotStart(line.substring(FAILED.length()));
        }
        progress.accept(line);
      }
    } catch (IOException e) {
      throw new CannotStart("no './run cluster' runs over " + place.data());
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
