package cinema.servers;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a link does to the bytes on it. */
final class LinkFaults {
  // A lock rather than a monitor: on JDK 21 a monitor would hold a virtual thread's carrier.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean toServerShut;
  private volatile boolean toClientShut;
  private volatile long delayNanos;

  void shut(boolean toServer, boolean toClient) {
    toServerShut = toServer;
    toClientShut = toClient;
    wake();
  }

  void delay(Duration each) {
    delayNanos = each.toNanos();
    wake();
  }

  boolean delays() {
    return delayNanos > 0;
  }

  /** Lets those who wait look again: at the faults, and at whether their connection still is. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when what came in at this time may pass in this direction, or when its connection has
   * been broken off.
   */
  void awaitPassage(boolean toServer, long cameInNanos, LinkConnection connection)
      throws InterruptedException {
    if (!isShut(toServer) && !delays()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      while (!connection.isBroken()) {
        long left = delayNanos - (System.nanoTime() - cameInNanos);
        if (isShut(toServer)) {
          changed.await();
        } else if (delays() && left > 0) {
          changed.await(left, TimeUnit.NANOSECONDS);
        } else {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isShut(boolean toServer) {
    return toServer ? toServerShut : toClientShut;
  }
}
