package cinema.shared.service;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of many who ask. A bucket is one number, the moment at which it will be
 * full again (GCRA, ITU-T I.371): so a hundred thousand of them are nothing to worry about.
 */
final class Buckets {
  /** Who has not asked for the longest is forgotten first, and has a full bucket by then. */
  private static final int MOST = 50_000;

  /**
   * How much each may ask.
   *
   * @param perSecond in the long run
   * @param burst at once
   */
  record Rate(int perSecond, int burst) {
    /**
     * Reads {@code 5/50}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static Rate parse(String text) {
      String[] both = text.split("/", -1);
      if (both.length != 2) {
        throw new IllegalArgumentException("write it like 5/50: so many a second, so many at once");
      }
      Rate rate = new Rate(Integer.parseInt(both[0]), Integer.parseInt(both[1]));
      if (rate.perSecond < 1 || rate.burst < 1) {
        throw new IllegalArgumentException("both must be at least 1");
      }
      return rate;
    }
  }

  /**
   * What came of asking for one.
   *
   * @param left how many more could be had at once
   * @param waitSeconds until there is one, rounded up; 0: it was granted
   * @param fullSeconds until the bucket is full again, rounded up
   */
  record Taken(int left, int waitSeconds, int fullSeconds) {
    boolean isGranted() {
      return waitSeconds == 0;
    }
  }

  private final Rate rate;
  private final LongSupplier nanoTime;
  private final long each;
  private final Map<String, Long> fullAt = new LastUsed<>(MOST);

  /**
   * @param nanoTime such as {@link System#nanoTime()}
   */
  Buckets(Rate rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.nanoTime = nanoTime;
    this.each = TimeUnit.SECONDS.toNanos(1) / rate.perSecond;
  }

  /** Takes one out of somebody's bucket, if there is one. */
  Taken take(String who) {
    long now = nanoTime.getAsLong();
    long full = fullAt.getOrDefault(who, now);
    // Compared by their difference: nanoTime may begin anywhere.
    long missing = Math.max(0, full - now) + each;
    long most = each * rate.burst;
    if (missing > most) {
      return new Taken(0, seconds(missing - most), seconds(full - now));
    }
    fullAt.put(who, now + missing);
    return new Taken((int) ((most - missing) / each), 0, seconds(missing));
  }

  private static int seconds(long nanos) {
    return (int) Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
  }
}
