package cinema.view;

import cinema.shared.service.Rounds;
import cinema.shared.service.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes orders off the view that nobody looks for any more: closed, and placed {@code HISTORY_DAYS}
 * ago. order-verticle keeps them.
 */
final class ForgetOrders {
  private static final Logger LOG = LoggerFactory.getLogger(ForgetOrders.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  /** Few, so that nobody's order waits behind them for longer than milliseconds. */
  private static final int TOGETHER = 1000;

  /** Longer than a journal: what is told again must find its order. */
  private static final int FEWEST_DAYS = 7;

  private final ViewStore store;
  private final Clock clock;
  private final Duration kept;
  private final Rounds rounds;

  ForgetOrders(Vertx vertx, Settings settings, ViewStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.kept = Duration.ofDays(settings.number("HISTORY_DAYS", 400, FEWEST_DAYS, 36_500));
    this.rounds = new Rounds(vertx, EVERY, this::forgetAll);
  }

  void start() {
    rounds.start();
  }

  void stop() {
    rounds.stop();
  }

  /** Completes when all that are old are gone, however many there are. */
  Future<Void> forget() {
    return rounds.now();
  }

  private Future<Void> forgetAll() {
    return forgetSome()
        .onFailure(failure -> LOG.warn("old orders not forgotten: {}", failure.getMessage()));
  }

  private Future<Void> forgetSome() {
    return store
        .forget(clock.instant().minus(kept), TOGETHER)
        .compose(
            forgotten -> forgotten == TOGETHER ? forgetSome() : Future.<Void>succeededFuture());
  }
}
