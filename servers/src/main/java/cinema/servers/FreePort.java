package cinema.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports on loopback that nobody listens on. */
public final class FreePort {
  private static final int CONNECT_MILLIS = 1000;
  private static final Queue<DatagramSocket> RESERVED = new ConcurrentLinkedQueue<>();

  private FreePort() {}

  /** A free port, given to nobody else on this machine while this JVM lives. */
  public static int find() {
    while (true) {
      // Below the ranges that Linux and macOS take a connection's own port from (32768 and 49152
      // upwards): a port of those may be gone again before its server listens.
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (reserve(port) && isFree(port)) {
        return port;
      }
    }
  }

  /** The first of so many free ports in a row, of which each is given to nobody else either. */
  public static int findRow(int ports) {
    while (true) {
      int first = find();
      List<Integer> others = IntStream.range(first + 1, first + ports).boxed().toList();
      if (others.stream().allMatch(port -> reserve(port) && isFree(port))) {
        return first;
      }
    }
  }

  /**
   * Whether no other JVM on this machine has got it: whoever gets one keeps the UDP port of the
   * same number, which nobody here needs, until it has ended, however it ended.
   */
  private static boolean reserve(int port) {
    try {
      RESERVED.add(new DatagramSocket(port, InetAddress.getLoopbackAddress()));
      return true;
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether somebody listens there, and takes connections. */
  public static boolean isTaken(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void require(int port, String server) {
    String why =
        port < 1 || port > 65_535
            ? "ports go from 1 to 65535."
            : isFree(port) ? null : "another program is using it.";
    if (why != null) {
      throw new ServerFailed(server + " cannot listen on port " + port + ": " + why);
    }
  }
}
