package cinema.chaos;

import cinema.chaos.Operation.Ask;
import cinema.chaos.Operation.Place;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/** What every client asked for and was told. Only grows; for any thread. */
final class History {
  private final LongSupplier clock;
  private final long began;
  private final List<Operation> operations = new ArrayList<>();

  /**
   * @param clock nanoseconds from anywhere, never going back
   */
  History(LongSupplier clock) {
    this.clock = clock;
    this.began = clock.getAsLong();
  }

  /** A call that tells what came of it; it must return within a limit of its own. */
  interface Call {
    Outcome make() throws InterruptedException;
  }

  /** Nanoseconds since this history began. */
  long now() {
    return clock.getAsLong() - began;
  }

  /** Makes a call and notes it with its times; whatever keeps it from returning is not knowing. */
  Outcome note(String client, Ask ask, Call call) throws InterruptedException {
    long invoked = now();
    Outcome outcome = new Unknown("interrupted");
    try {
      outcome = call.make();
      return outcome;
    } finally {
      add(new Operation(client, ask, invoked, now(), outcome));
    }
  }

  synchronized void add(Operation operation) {
    operations.add(operation);
  }

  synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  /**
   * How many of one kind.
   *
   * @param unknown those included that are pending
   */
  record Counts(int attempted, int acknowledged, int refused, int unknown) {
    private Counts and(Outcome outcome) {
      return switch (outcome) {
        case Acknowledged yes -> new Counts(attempted + 1, acknowledged + 1, refused, unknown);
        case Refused no -> new Counts(attempted + 1, acknowledged, refused + 1, unknown);
        case Pending neither -> new Counts(attempted + 1, acknowledged, refused, unknown + 1);
        case Unknown silence -> new Counts(attempted + 1, acknowledged, refused, unknown + 1);
      };
    }
  }

  /** One customer's key: all attempts with it are one order. */
  record Key(UUID customerId, String key) {}

  /** By kind of call; orders are counted by key, all other calls each for itself. */
  Map<String, Counts> counts() {
    Map<Key, Outcome> places = new HashMap<>();
    Map<String, Counts> counts = new HashMap<>();
    for (Operation operation : operations()) {
      if (operation.ask() instanceof Place place) {
        places.merge(
            new Key(place.customerId(), place.key()), operation.outcome(), History::together);
      } else {
        count(counts, operation.ask(), operation.outcome());
      }
    }
    places.forEach((key, outcome) -> count(counts, new Place(null, null, null), outcome));
    return Map.copyOf(counts);
  }

  private static void count(Map<String, Counts> counts, Ask ask, Outcome outcome) {
    String kind =
        switch (ask) {
          case Place place -> "place";
          case Operation.Cancel cancel -> "cancel";
          case Operation.Look look -> "look";
          case Operation.Step step -> step.step().path;
        };
    counts.put(kind, counts.getOrDefault(kind, new Counts(0, 0, 0, 0)).and(outcome));
  }

  /** What two attempts with one key come to: one yes is a yes; a no after silence is no answer. */
  static Outcome together(Outcome one, Outcome other) {
    return other instanceof Acknowledged || one instanceof Refused ? other : one;
  }
}
