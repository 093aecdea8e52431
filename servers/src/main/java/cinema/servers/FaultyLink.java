package cinema.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A way over TCP, on 127.0.0.1, to a server on this machine; it can be made as bad as networks are:
 * late, silent in one direction or both, reset, refused.
 *
 * <p>A fault takes hold of present and later connections alike and lasts until {@link #heal()}.
 * Bytes that were on their way when it began may still arrive. Safe for use from many threads.
 */
public final class FaultyLink implements AutoCloseable {
  private static final long STACK = 256 * 1024;

  private static final int WAITING_TO_BE_ACCEPTED = 512;
  private static final int CLOSE_SECONDS = 10;

  private static final int LOOK_MILLIS = 50;

  private final int port;
  private final int targetPort;
  private final LinkFaults faults = new LinkFaults();
  private final Set<LinkConnection> connections = ConcurrentHashMap.newKeySet();

  /** Not virtual ones: each byte would come through two threads more, and links are many. */
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("link").stackSize(STACK).factory());

  private ServerSocket listener; // null while connections are refused
  private Future<?> accepting;
  private boolean refusing;
  private boolean absent;
  private boolean closed;

  private FaultyLink(int port, int targetPort) {
    this.port = port;
    this.targetPort = targetPort;
    open();
  }

  /** A way to what listens on this port, or will, that begins at a free port. */
  public static FaultyLink to(int targetPort) {
    return listen(FreePort.find(), targetPort);
  }

  /**
   * A way that begins at a port of one's own choice.
   *
   * @throws ServerFailed when the port is in use
   */
  public static FaultyLink listen(int port, int targetPort) {
    return new FaultyLink(port, targetPort);
  }

  /** Where the way begins. */
  public int port() {
    return port;
  }

  /** How many connections there are, those included that a black hole holds. */
  public int connections() {
    return connections.size();
  }

  /** Breaks all present connections off (RST, at both ends); new ones are let through. */
  public void reset() {
    connections.forEach(LinkConnection::reset);
  }

  /** All bytes arrive this much later, in each direction; how many a second stays the same. */
  public void delay(Duration each) {
    faults.delay(each);
  }

  /** Nothing passes in either direction, neither bytes nor ends; new connections get no answer. */
  public void blackHole() {
    faults.shut(true, true);
  }

  /** What the client says arrives, nothing comes back. */
  public void halfOpen() {
    faults.shut(false, true);
  }

  /** New connections are refused; present ones go on. */
  public synchronized void refuse() {
    refusing = true;
    stopListening();
  }

  /**
   * Refuses connections as long as there is nothing at the other end, as the server's own port
   * would. A link finds that out by itself with the first connection that it cannot carry.
   */
  public synchronized void awaitServer() {
    if (!absent && !closed) {
      absent = true;
      stopListening();
      threads.execute(this::lookForServer);
    }
  }

  private void lookForServer() {
    try {
      while (!FreePort.isTaken(targetPort)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      return; // closed
    }
    synchronized (this) {
      absent = false;
      listen();
    }
  }

  private void stopListening() {
    if (listener == null) {
      return;
    }
    try {
      listener.close();
      listener = null;
      // The port is closed by the one who waits at it, a moment later.
      accepting.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new ServerFailed("The link on port " + port + " cannot stop listening: " + e, e);
    } catch (InterruptedException e) {
      throw ServerFailed.interrupted(e);
    }
  }

  /** No fault any more: what was held back flows on, in its order, as after a real partition. */
  public synchronized void heal() {
    faults.delay(Duration.ZERO);
    faults.shut(false, false);
    refusing = false;
    listen();
  }

  private void listen() {
    if (listener == null && !refusing && !absent && !closed) {
      open();
    }
  }

  /** Breaks all connections off and listens no longer. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      refuse();
    }
    threads.shutdownNow();
    reset();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new ServerFailed("The link on port " + port + " did not close.");
      }
    } catch (InterruptedException e) {
      throw ServerFailed.interrupted(e);
    }
  }

  private synchronized void open() {
    try {
      ServerSocket opened =
          new ServerSocket(port, WAITING_TO_BE_ACCEPTED, InetAddress.getLoopbackAddress());
      listener = opened;
      accepting = threads.submit(() -> accept(opened));
    } catch (IOException e) {
      throw new ServerFailed("No link can listen on port " + port + ": " + e.getMessage() + ".", e);
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        LinkConnection connection = new LinkConnection(from.accept(), faults);
        connections.add(connection);
        threads.execute(() -> carry(connection));
      }
    } catch (IOException | RejectedExecutionException closed) {
      // Whoever was accepted at the last moment is not served any more.
      if (threads.isShutdown()) {
        reset();
      }
    }
  }

  private void carry(LinkConnection connection) {
    try {
      if (!connection.carry(targetPort, threads)) {
        awaitServer();
      }
    } finally {
      connections.remove(connection);
    }
  }
}
