package cinema.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which faults come, in what order and for how long: the same for the same seed, on every JDK, so
 * that a bad evening can be had again.
 */
final class Schedule {
  private static final Duration LEAST_LATE = Duration.ofMillis(20);
  private static final Duration MOST_LATE = Duration.ofMillis(500);

  private Schedule() {}

  /** Between which bounds pauses and durations lie, both ends included, in whole milliseconds. */
  record Limits(
      Duration leastPause, Duration mostPause, Duration leastLasting, Duration mostLasting) {
    static final Limits USUAL =
        new Limits(
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofSeconds(4));
  }

  /** Every kind once, shuffled, as far as there is room; from then on by the kinds' weights. */
  static List<Fault> of(long seed, int faults, Limits limits) {
    RandomGenerator random = Chance.of(seed, "schedule");
    List<Fault.Kind> kinds = new ArrayList<>(List.of(Fault.Kind.values()));
    Collections.shuffle(kinds, random);
    List<Fault> schedule = new ArrayList<>(faults);
    for (int i = 0; i < faults; i++) {
      Fault.Kind kind = i < kinds.size() ? kinds.get(i) : byWeight(random);
      Target target = kind.targets.get(random.nextInt(kind.targets.size()));
      Duration pause = Chance.between(random, limits.leastPause, limits.mostPause);
      Duration lasting =
          kind.lasts
              ? Chance.between(random, limits.leastLasting, limits.mostLasting)
              : Duration.ZERO;
      Duration late =
          kind == Fault.Kind.DELAY ? Chance.between(random, LEAST_LATE, MOST_LATE) : Duration.ZERO;
      schedule.add(new Fault(i + 1, kind, target, pause, lasting, late));
    }
    return List.copyOf(schedule);
  }

  private static Fault.Kind byWeight(RandomGenerator random) {
    Fault.Kind[] kinds = Fault.Kind.values();
    int all = 0;
    for (Fault.Kind kind : kinds) {
      all += kind.weight;
    }
    int left = random.nextInt(all);
    int chosen = 0;
    while (left >= kinds[chosen].weight) {
      left -= kinds[chosen].weight;
      chosen++;
    }
    return kinds[chosen];
  }
}
