package cinema.chaos;

import cinema.chaos.Premises.Entry;
import cinema.chaos.Truth.Trouble;
import cinema.servers.FaultyLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Brings the faults of a schedule on a cluster, one after another, and sees it come back. */
final class Havoc {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(60);

  private final Premises premises;
  private final LongSupplier clock;
  private final Pause pause;
  private final Consumer<String> progress;
  private final List<Trouble> troubles = new ArrayList<>();
  private final Map<Fault.Kind, Long> slowest = new EnumMap<>(Fault.Kind.class);

  /**
   * @param clock as the history's, in nanoseconds
   * @param progress gets a line for each fault
   */
  Havoc(Premises premises, LongSupplier clock, Pause pause, Consumer<String> progress) {
    this.premises = premises;
    this.clock = clock;
    this.pause = pause;
    this.progress = progress;
  }

  /** Times at which something was broken, or not back yet. */
  List<Trouble> troubles() {
    return List.copyOf(troubles);
  }

  /** The longest time from a fault's end until everything was ready, by kind, in nanoseconds. */
  Map<Fault.Kind, Long> slowest() {
    return Map.copyOf(slowest);
  }

  /**
   * Goes through the schedule.
   *
   * @param eachHealed whether the next fault waits until everything is back; else they overlap
   * @throws IllegalStateException when the cluster does not come back
   */
  void wreak(List<Fault> schedule, boolean eachHealed) throws IOException, InterruptedException {
    for (Fault fault : schedule) {
      pause.take(fault.pause());
      long from = clock.getAsLong();
      befall(fault);
      pause.take(fault.lasting());
      relieve(fault);
      long ended = clock.getAsLong();
      boolean last = fault == schedule.getLast();
      if (eachHealed || last) {
        awaitWhole(fault);
        long back = clock.getAsLong();
        slowest.merge(fault.kind(), back - ended, Math::max);
        progress.accept("%s; back after %.1f s".formatted(fault, (back - ended) / 1e9));
      } else {
        progress.accept(fault.toString());
      }
      troubles.add(new Trouble(from, clock.getAsLong()));
    }
  }

  private void awaitWhole(Fault fault) throws IOException, InterruptedException {
    long limit = clock.getAsLong() + HEALED_WITHIN.toNanos();
    while (!premises.isWhole()) {
      if (clock.getAsLong() > limit) {
        throw new IllegalStateException(
            "not whole again within " + HEALED_WITHIN + " after " + fault + ": " + premises.said());
      }
      pause.take(LOOK);
    }
  }

  private void befall(Fault fault) throws IOException, InterruptedException {
    List<Entry> processes = premises.of(fault.target());
    switch (fault.kind()) {
      case KILL, KILL_BOTH, KILL_POSTGRES, KILL_KAFKA, KILL_FRONT_DOOR ->
          premises.signal("KILL", processes);
      case FREEZE, FREEZE_BOTH -> premises.signal("STOP", processes);
      // A fast shutdown: sessions are ended, nothing is waited for.
      case RESTART_POSTGRES -> premises.signal("INT", processes);
      case RESTART_KAFKA -> premises.signal("TERM", processes);
      case WIPE_KAFKA -> wipe(processes);
      case CUT -> links(fault).forEach(FaultyLink::reset);
      case DELAY -> links(fault).forEach(link -> link.delay(fault.late()));
      case BLACK_HOLE -> links(fault).forEach(FaultyLink::blackHole);
      case HALF_OPEN -> links(fault).forEach(FaultyLink::halfOpen);
    }
  }

  private void relieve(Fault fault) throws IOException, InterruptedException {
    switch (fault.kind()) {
      case FREEZE, FREEZE_BOTH -> premises.signal("CONT", premises.of(fault.target()));
      case DELAY, BLACK_HOLE, HALF_OPEN -> links(fault).forEach(FaultyLink::heal);
      case KILL,
          KILL_BOTH,
          RESTART_POSTGRES,
          KILL_POSTGRES,
          RESTART_KAFKA,
          KILL_KAFKA,
          WIPE_KAFKA,
          KILL_FRONT_DOOR,
          CUT -> {
        // Over with its beginning: the supervisor sees to the rest.
      }
    }
  }

  private List<FaultyLink> links(Fault fault) {
    return premises.wires().of((Target.Link) fault.target());
  }

  private void wipe(List<Entry> kafka) throws IOException, InterruptedException {
    if (kafka.isEmpty()) {
      return; // it has just been killed, and is not back
    }
    Path aside = premises.takeAwayTopics();
    premises.signal("KILL", kafka);
    try (Stream<Path> files = Files.walk(aside)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
