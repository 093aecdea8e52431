package cinema.gatling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Follows each order from when it was due to when staff see it. All times are of {@link
 * System#nanoTime()}, in this process.
 *
 * <p>All calls on one thread.
 */
final class Stopwatch {
  /** One order on its way. */
  static final class Lap {
    private final boolean counts;
    private final long due;
    private long sent;
    private long accepted;
    private long seen;
    private boolean wasAccepted;
    private boolean wasSeen;

    private Lap(long due, boolean counts) {
      this.due = due;
      this.counts = counts;
    }
  }

  private final List<Lap> laps = new ArrayList<>();
  private final Map<String, Lap> expected = new HashMap<>();
  private final Map<String, Long> seenEarly = new HashMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private int undecided;

  /**
   * @param counts false while warming up
   */
  Lap start(long due, boolean counts) {
    Lap lap = new Lap(due, counts);
    laps.add(lap);
    undecided++;
    return lap;
  }

  void sent(Lap lap, long at) {
    lap.sent = at;
  }

  /** Answered 201. */
  void accepted(Lap lap, String orderId, long at) {
    undecided--;
    lap.accepted = at;
    lap.wasAccepted = true;
    Long early = seenEarly.remove(orderId);
    if (early == null) {
      expected.put(orderId, lap);
    } else {
      finish(lap, early);
    }
  }

  /** Not answered 201, and so never expected on the board. */
  void refused(Lap lap, String why) {
    undecided--;
    refusals.merge(why, 1, Integer::sum);
  }

  /** On the staff's screen; only the first time matters. */
  void seen(String orderId, long at) {
    Lap lap = expected.remove(orderId);
    if (lap != null) {
      finish(lap, at);
    } else if (undecided > 0) {
      seenEarly.putIfAbsent(orderId, at);
    }
  }

  private static void finish(Lap lap, long at) {
    lap.seen = at;
    lap.wasSeen = true;
  }

  /** Nothing is to be waited for any more. */
  boolean isDone() {
    return undecided == 0 && expected.isEmpty();
  }

  /** Accepted and not seen, warm-up included. */
  int notSeen() {
    return expected.size();
  }

  /** Sent and never answered, warm-up included. */
  int unanswered() {
    return undecided;
  }

  /** Why orders were refused, and how often, warm-up included. */
  Map<String, Integer> refusals() {
    return refusals;
  }

  String table() {
    List<Lap> counted = laps.stream().filter(lap -> lap.counts).toList();
    List<Lap> accepted = counted.stream().filter(lap -> lap.wasAccepted).toList();
    List<Lap> seen = accepted.stream().filter(lap -> lap.wasSeen).toList();
    int refused = counted.size() - accepted.size();
    return Figures.header()
        + figures(accepted, lap -> lap.sent - lap.due).row("due -> sent (our own lag)", refused)
        + figures(accepted, lap -> lap.accepted - lap.sent).row("sent -> 201 received", refused)
        + figures(seen, lap -> Math.max(0, lap.seen - lap.accepted))
            .row("201 -> on staff's screen", counted.size() - seen.size());
  }

  private static Figures figures(List<Lap> laps, ToLongFunction<Lap> nanos) {
    return Figures.of(laps.stream().mapToLong(nanos).toArray());
  }
}
