package cinema.gatling;

import java.util.Arrays;
import java.util.Locale;

/**
 * What many durations come to; exact, by the nearest rank.
 *
 * @param p50 in nanoseconds, as the others; 0 when there are none
 */
record Figures(int count, long p50, long p90, long p99, long max) {
  static Figures of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Figures(
        sorted.length, rank(sorted, 50), rank(sorted, 90), rank(sorted, 99), rank(sorted, 100));
  }

  /** The smallest value that at least so many percent do not exceed. */
  private static long rank(long[] sorted, int percent) {
    int rank = (int) (((long) sorted.length * percent + 99) / 100);
    return sorted.length == 0 ? 0 : sorted[rank - 1];
  }

  static String header() {
    return row("milliseconds", "count", "missing", "p50", "p90", "p99", "max");
  }

  String row(String name, int missing) {
    return row(name, count, missing, millis(p50), millis(p90), millis(p99), millis(max));
  }

  private static String row(
      String name, Object count, Object missing, String p50, String p90, String p99, String max) {
    return "%-31s%8s%9s%10s%10s%10s%10s%n".formatted(name, count, missing, p50, p90, p99, max);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
  }
}
