package cinema.view;

import cinema.shared.service.Forgetting;
import cinema.shared.service.Settings;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/**
 * Takes orders off the view that nobody looks for any more: closed, and placed {@code HISTORY_DAYS}
 * ago. order-verticle keeps them.
 */
final class ForgetOrders {
  private static final int TOGETHER = 1000;

  /** Longer than a journal: what is told again must find its order. */
  private static final int FEWEST_DAYS = 7;

  private ForgetOrders() {}

  static Forgetting of(Vertx vertx, Settings settings, ViewStore store, Clock clock) {
    Duration kept = Duration.ofDays(settings.number("HISTORY_DAYS", 400, FEWEST_DAYS, 36_500));
    return new Forgetting(
        vertx, "old orders", TOGETHER, most -> store.forget(clock.instant().minus(kept), most));
  }
}
