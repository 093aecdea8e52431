package cinema.gatling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Follows each order from when it was due to when staff see it, on each of their screens. All times
 * are of {@link System#nanoTime()}, in this process.
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
    private boolean wasAccepted;

    /** Null until it is accepted. */
    private Sightings sightings;

    private Lap(long due, boolean counts) {
      this.due = due;
      this.counts = counts;
    }
  }

  /** On how many screens an order has been seen, and when on each. */
  private final class Sightings {
    private final long[] at = new long[screens];
    private int seen;

    /** Once they are complete, nothing is new: somebody works on the order. */
    private void add(long now) {
      if (!isComplete()) {
        at[seen++] = now;
      }
    }

    private boolean isComplete() {
      return seen == screens;
    }

    private long last() {
      return at[screens - 1];
    }
  }

  private final int screens;
  private final List<Lap> laps = new ArrayList<>();
  private final Map<String, Lap> expected = new HashMap<>();
  private final Map<String, Sightings> seenEarly = new HashMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private int undecided;

  /**
   * @param screens how many there are, each of which shows an order once
   */
  Stopwatch(int screens) {
    this.screens = screens;
  }

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
    Sightings early = seenEarly.remove(orderId);
    lap.sightings = early == null ? new Sightings() : early;
    if (!lap.sightings.isComplete()) {
      expected.put(orderId, lap);
    }
  }

  /** Not answered 201, and so never expected on the board. */
  void refused(Lap lap, String why) {
    undecided--;
    refusals.merge(why, 1, Integer::sum);
  }

  /** On one more of the staff's screens. */
  void seen(String orderId, long at) {
    Lap lap = expected.get(orderId);
    if (lap != null) {
      lap.sightings.add(at);
      if (lap.sightings.isComplete()) {
        expected.remove(orderId);
      }
    } else if (undecided > 0) {
      seenEarly.computeIfAbsent(orderId, early -> new Sightings()).add(at);
    }
  }

  /** Nothing is to be waited for any more. */
  boolean isDone() {
    return undecided == 0 && expected.isEmpty();
  }

  /** Accepted and not seen on all screens, warm-up included. */
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

  /** From when a request left until it was answered 201; of those that count, as the others. */
  Figures toAccepted() {
    return figures(accepted(), lap -> lap.accepted - lap.sent);
  }

  /** From the answer until the order stood on the last of the screens. */
  Figures toScreen() {
    return figures(seen(), lap -> Math.max(0, lap.sightings.last() - lap.accepted));
  }

  private List<Lap> accepted() {
    return laps.stream().filter(lap -> lap.counts && lap.wasAccepted).toList();
  }

  private List<Lap> seen() {
    return accepted().stream().filter(lap -> lap.sightings.isComplete()).toList();
  }

  String table() {
    int counted = (int) laps.stream().filter(lap -> lap.counts).count();
    int refused = counted - accepted().size();
    int notSeen = counted - seen().size();
    String rows =
        figures(accepted(), lap -> lap.sent - lap.due).row("due -> sent (our own lag)", refused)
            + toAccepted().row("sent -> 201 received", refused);
    if (screens > 1) {
      rows += onEach(seen()).row("201 -> on each of %d screens".formatted(screens), notSeen);
    }
    return Figures.header()
        + rows
        + toScreen()
            .row(screens == 1 ? "201 -> on staff's screen" : "201 -> on the last of them", notSeen);
  }

  private static Figures onEach(List<Lap> seen) {
    return Figures.of(
        seen.stream()
            .flatMapToLong(
                lap -> Arrays.stream(lap.sightings.at).map(at -> Math.max(0, at - lap.accepted)))
            .toArray());
  }

  private static Figures figures(List<Lap> laps, ToLongFunction<Lap> nanos) {
    return Figures.of(laps.stream().mapToLong(nanos).toArray());
  }
}
