package cinema.order;

import cinema.shared.service.Trace;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.UUID;

/**
 * Forgets whose a customer's orders are, everywhere. The orders themselves stay: they are still to
 * be made, and counted. Decision 0014.
 */
final class ForgetCustomer {
  /** In one transaction: few enough that nobody else waits for their rows. */
  private static final int TOGETHER = 500;

  private final ForgettingStore store;
  private final Clock clock;

  ForgetCustomer(ForgettingStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Asking again is safe, and needed when this fails: some may be forgotten by then.
   *
   * @return how many orders no longer say whose they are; 0 when none did any more
   */
  Future<Integer> forget(UUID customerId, Trace trace) {
    return store
        .forget(customerId, TOGETHER, clock.instant(), trace)
        .compose(
            forgotten ->
                forgotten < TOGETHER
                    ? Future.succeededFuture(forgotten)
                    : forget(customerId, trace).map(more -> forgotten + more));
  }
}
