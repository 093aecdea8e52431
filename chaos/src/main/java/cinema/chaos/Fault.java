package cinema.chaos;

import java.time.Duration;
import java.util.List;

/**
 * One thing that goes wrong.
 *
 * @param number its place in the schedule, from 1
 * @param pause how long nothing happens before it
 * @param lasting until it is ended; zero when there is nothing to end: what was killed is started
 *     again by whoever watches over it
 * @param late how late bytes come, in a DELAY; zero otherwise
 */
record Fault(
    int number, Kind kind, Target target, Duration pause, Duration lasting, Duration late) {

  /** What can go wrong. */
  enum Kind {
    /** SIGKILL to one process. */
    KILL(6, false, Target.replicas()),
    /** SIGKILL to all processes of a service at once. */
    KILL_BOTH(3, false, Target.pairs()),
    /** SIGSTOP to one process, and SIGCONT when it has lasted. */
    FREEZE(4, true, Target.replicas()),
    FREEZE_BOTH(2, true, Target.pairs()),
    /** An orderly stop and start. */
    RESTART_POSTGRES(1, false, List.of(Target.POSTGRES)),
    KILL_POSTGRES(2, false, List.of(Target.POSTGRES)),
    RESTART_KAFKA(1, false, List.of(Target.KAFKA)),
    KILL_KAFKA(2, false, List.of(Target.KAFKA)),
    /** Killed, its data directory deleted, started. */
    WIPE_KAFKA(1, false, List.of(Target.KAFKA)),
    KILL_FRONT_DOOR(1, false, List.of(Target.FRONT_DOOR)),
    /** All connections of a link are reset; new ones are let through. */
    CUT(3, false, Target.links()),
    /** Every byte comes late. */
    DELAY(3, true, Target.links()),
    /** Nothing gets through, neither bytes nor an end; new connections neither. */
    BLACK_HOLE(3, true, Target.links()),
    /** Bytes get through one way only: what is asked arrives, what is answered does not. */
    HALF_OPEN(3, true, Target.links());

    final int weight;
    final boolean lasts;
    final List<Target> targets;

    Kind(int weight, boolean lasts, List<Target> targets) {
      this.weight = weight;
      this.lasts = lasts;
      this.targets = targets;
    }
  }

  @Override
  public String toString() {
    return "%d. after %d ms %s %s%s%s"
        .formatted(
            number,
            pause.toMillis(),
            kind,
            target.name(),
            lasting.isZero() ? "" : " for " + lasting.toMillis() + " ms",
            late.isZero() ? "" : " by " + late.toMillis() + " ms");
  }
}
