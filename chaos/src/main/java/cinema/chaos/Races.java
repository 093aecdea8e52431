package cinema.chaos;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where an owner who cancels and a barkeeper who starts wait for each other, to go at once. */
final class Races {
  private static final String MARK = "-race";

  private final Map<UUID, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final Duration limit;

  /**
   * @param limit how long one waits for the other
   */
  Races(Duration limit) {
    this.limit = limit;
  }

  /** The key of an order that both shall race for: staff recognise it by its note. */
  static String marked(String key) {
    return key + MARK;
  }

  static boolean isRace(String note) {
    return note != null && note.endsWith(MARK);
  }

  /**
   * Returns when the other is here too, or the limit is over.
   *
   * @return whether the other is here
   */
  boolean meet(UUID orderId) throws InterruptedException {
    CountDownLatch gate = gates.computeIfAbsent(orderId, id -> new CountDownLatch(2));
    gate.countDown();
    try {
      return gate.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      gates.remove(orderId, gate);
    }
  }
}
