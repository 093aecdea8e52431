package cinema.servers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** One connection over a link: the client's socket, the server's, and what flows between them. */
final class LinkConnection {
  private static final int CONNECT_MILLIS = 5000;

  private final Socket near;
  private final Socket far = new Socket();
  private final LinkFaults faults;
  private final CountDownLatch directions = new CountDownLatch(2);
  private volatile boolean broken;

  /**
   * @param near to the client, accepted
   */
  LinkConnection(Socket near, LinkFaults faults) {
    this.near = near;
    this.faults = faults;
  }

  /**
   * Carries bytes until both ends have said their last, or the connection breaks.
   *
   * @return false when there is nothing at the other end
   */
  boolean carry(int targetPort, ExecutorService threads) {
    try {
      connect(targetPort);
      threads.execute(new LinkDirection(false, far, near, this, faults, threads));
      new LinkDirection(true, near, far, this, faults, threads).run();
      directions.await();
      near.close();
      far.close();
    } catch (ConnectException e) {
      reset();
      return false;
    } catch (IOException | InterruptedException | RejectedExecutionException e) {
      // All that either end would see of it on a real network.
      reset();
    }
    return true;
  }

  private void connect(int targetPort) throws IOException, InterruptedException {
    faults.awaitPassage(true, System.nanoTime(), this);
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    far.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_MILLIS);
  }

  /** One direction has no more to carry. */
  void directionEnded() {
    directions.countDown();
  }

  boolean isBroken() {
    return broken;
  }

  /** Breaks off at both ends. */
  void reset() {
    broken = true;
    closeAbruptly(near);
    closeAbruptly(far);
    faults.wake();
  }

  private static void closeAbruptly(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0); // so that its close is an RST
    } catch (IOException alreadyClosed) {
      return;
    }
  }
}
