package cinema.order;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets each Idempotency-Key a day after its order was placed, at the earliest. */
final class ForgetKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ForgetKeys.class);
  private static final Duration REMEMBERED = Duration.ofHours(24);
  private static final int EVERY_MILLIS = 60_000;

  /** Few, so that whoever uses one of them again just then waits for milliseconds. */
  private static final int TOGETHER = 1000;

  private final Vertx vertx;
  private final PlacingStore store;
  private final Clock clock;
  private long timer = -1;
  private boolean forgetting;

  ForgetKeys(Vertx vertx, PlacingStore store, Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.clock = clock;
  }

  void start() {
    timer = vertx.setPeriodic(EVERY_MILLIS, tick -> forget());
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  /** Completes when all old keys are forgotten, however many there are. */
  Future<Void> forget() {
    if (forgetting) {
      return Future.succeededFuture();
    }
    forgetting = true;
    return forgetAll()
        .onFailure(failure -> LOG.warn("old keys not forgotten: {}", failure.getMessage()))
        .onComplete(done -> forgetting = false);
  }

  private Future<Void> forgetAll() {
    return store
        .forget(clock.instant().minus(REMEMBERED), TOGETHER)
        .compose(forgotten -> forgotten == TOGETHER ? forgetAll() : Future.<Void>succeededFuture());
  }
}
