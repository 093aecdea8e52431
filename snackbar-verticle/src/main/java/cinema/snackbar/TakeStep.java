package cinema.snackbar;

import cinema.shared.service.Batcher;
import cinema.shared.service.Metrics;
import cinema.snackbar.OrderRequestStore.Moved;
import cinema.snackbar.OrderRequestStore.Wanted;
import io.vertx.core.Future;
import java.time.Clock;

/**
 * Takes the steps of staff. A bar that is busy takes many, and a process that has just started is
 * slow: what comes while others are written is written together, over one connection.
 */
final class TakeStep {
  /** More than are taken before those who ask have stopped waiting. */
  private static final int MOST_WAITING = 1024;

  private final Batcher<Wanted, Moved> batcher;

  TakeStep(OrderRequestStore store, Metrics metrics, Clock clock) {
    this.batcher =
        Batcher.intoDatabase(
            "steps", MOST_WAITING, metrics, wanted -> store.move(wanted, clock.instant()));
  }

  /** Completes when it is committed, or when there was nothing to do; fails when too many wait. */
  Future<Moved> take(Wanted wanted) {
    return batcher.add(wanted);
  }
}
