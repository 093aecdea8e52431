package cinema.servers;

import java.io.IOException;
import java.time.Duration;

/** Waiting for what another process does, which nothing but asking again can tell. */
final class Patience {
  interface Condition {
    boolean holds() throws IOException;
  }

  private Patience() {}

  /** Whether the condition came true within the limit. */
  static boolean until(Duration limit, Condition condition) throws IOException {
    try {
      for (long start = System.nanoTime(); !condition.holds(); Thread.sleep(5)) {
        if (System.nanoTime() - start > limit.toNanos()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      throw ServerFailed.interrupted(e);
    }
  }
}
