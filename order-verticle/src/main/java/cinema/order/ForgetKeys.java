package cinema.order;

import cinema.shared.service.Forgetting;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/** Forgets each Idempotency-Key a day after its order was placed, at the earliest. */
final class ForgetKeys {
  private static final Duration REMEMBERED = Duration.ofHours(24);
  private static final int TOGETHER = 1000;

  private ForgetKeys() {}

  static Forgetting of(Vertx vertx, PlacingStore store, Clock clock) {
    return new Forgetting(
        vertx, "old keys", TOGETHER, most -> store.forget(clock.instant().minus(REMEMBERED), most));
  }
}
