package cinema.order;

import cinema.shared.service.Rounds;
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
  private static final Duration EVERY = Duration.ofMinutes(1);

  /** Few, so that whoever uses one of them again just then waits for milliseconds. */
  private static final int TOGETHER = 1000;

  private final PlacingStore store;
  private final Clock clock;
  private final Rounds rounds;

  ForgetKeys(Vertx vertx, PlacingStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.rounds = new Rounds(vertx, EVERY, this::forgetAll);
  }

  void start() {
    rounds.start();
  }

  void stop() {
    rounds.stop();
  }

  /** Completes when all old keys are forgotten, however many there are. */
  Future<Void> forget() {
    return rounds.now();
  }

  private Future<Void> forgetAll() {
    return forgetSome()
        .onFailure(failure -> LOG.warn("old keys not forgotten: {}", failure.getMessage()));
  }

  private Future<Void> forgetSome() {
    return store
        .forget(clock.instant().minus(REMEMBERED), TOGETHER)
        .compose(
            forgotten -> forgotten == TOGETHER ? forgetSome() : Future.<Void>succeededFuture());
  }
}
