package cinema.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One direction of one connection: what comes in goes out, in its order. As long as nothing is late
 * one thread reads and writes; late bytes are held, up to a bound, and a second thread writes them.
 */
final class LinkDirection implements Runnable {
  private static final int MOST_READ = 32 * 1024;
  private static final int MOST_HELD = 2 * 1024 * 1024;

  /** What holding a few bytes costs beside them. */
  private static final int HOLDING = 64;

  /**
   * @param bytes none: the sender has said its last
   */
  private record Held(byte[] bytes, long cameInNanos) {}

  private final boolean toServer;
  private final Socket from;
  private final Socket to;
  private final LinkConnection connection;
  private final LinkFaults faults;
  private final Executor threads;
  private final BlockingQueue<Held> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger held = new AtomicInteger();
  private final Semaphore room = new Semaphore(MOST_HELD);
  private boolean holding;

  LinkDirection(
      boolean toServer,
      Socket from,
      Socket to,
      LinkConnection connection,
      LinkFaults faults,
      Executor threads) {
    this.toServer = toServer;
    this.from = from;
    this.to = to;
    this.connection = connection;
    this.faults = faults;
    this.threads = threads;
  }

  @Override
  public void run() {
    try {
      read();
    } catch (IOException | InterruptedException | RuntimeException e) {
      breakOff();
    } finally {
      Held end = new Held(new byte[0], System.nanoTime());
      if (holding) {
        queue.add(end);
      } else {
        end(end);
      }
    }
  }

  private void read() throws IOException, InterruptedException {
    InputStream in = from.getInputStream();
    byte[] buffer = new byte[MOST_READ];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      long now = System.nanoTime();
      if (faults.delays() || held.get() > 0) {
        hold(new Held(Arrays.copyOf(buffer, count), now));
      } else {
        faults.awaitPassage(toServer, now, connection);
        to.getOutputStream().write(buffer, 0, count);
      }
    }
  }

  private void hold(Held bytes) throws InterruptedException {
    room.acquire(bytes.bytes.length + HOLDING);
    held.incrementAndGet();
    queue.add(bytes);
    if (!holding) {
      holding = true;
      threads.execute(this::write);
    }
  }

  private void write() {
    try {
      Held next = queue.take();
      while (next.bytes.length > 0) {
        faults.awaitPassage(toServer, next.cameInNanos, connection);
        to.getOutputStream().write(next.bytes);
        room.release(next.bytes.length + HOLDING);
        held.decrementAndGet();
        next = queue.take();
      }
      end(next);
    } catch (IOException | InterruptedException e) {
      connection.reset();
      // The reader may be waiting for it.
      room.release(MOST_HELD);
      connection.directionEnded();
    }
  }

  /** The sender's end is passed on, and like its bytes not before it may. */
  private void end(Held end) {
    try {
      faults.awaitPassage(toServer, end.cameInNanos, connection);
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      connection.reset();
    } finally {
      connection.directionEnded();
    }
  }

  /** One end has broken off; the other hears of it as soon as anything may pass. */
  private void breakOff() {
    try {
      faults.awaitPassage(toServer, System.nanoTime(), connection);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connection.reset();
    }
  }
}
