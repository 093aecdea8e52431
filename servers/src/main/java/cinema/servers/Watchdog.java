package cinema.servers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A shell that stops a temporary server and removes its directory when it is closed or when this
 * JVM ends, be it by kill -9: the pipe to its standard input ends then too.
 */
record Watchdog(Process shell) implements AutoCloseable {
  // Ctrl-C goes to every process of the terminal, and must not end this one.
  private static final String SCRIPT =
      "trap '' INT TERM HUP; cat >/dev/null; \"$@\"; rm -rf \"$0\"";
  private static final int STOP_SECONDS = 30;

  static Watchdog over(Path directory, List<String> stop) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, directory.toString()));
    command.addAll(stop);
    return new Watchdog(
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start());
  }

  /** The same for a process that is killed. */
  static Watchdog over(Path directory, Process server) throws IOException {
    return over(directory, List.of("sh", "-c", "kill -9 " + server.pid() + "; sleep 0.1"));
  }

  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    try {
      shell.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw ServerFailed.interrupted(e);
    }
  }
}
