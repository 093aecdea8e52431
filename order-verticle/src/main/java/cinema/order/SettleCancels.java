package cinema.order;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again for the cancels that the bar has not answered, whoever stored them: this process or
 * one that died.
 */
final class SettleCancels {
  private static final Logger LOG = LoggerFactory.getLogger(SettleCancels.class);
  private static final int AT_ONCE = 100;

  private final Vertx vertx;
  private final OrderStore store;
  private final CancelOrder cancelOrder;
  private final Duration every;
  private final Duration age;
  private final Clock clock;
  private boolean settling;
  private long timer = -1;

  /**
   * @param every how often it looks for such cancels
   * @param age how old they are at least: younger ones are being asked for just now
   */
  SettleCancels(
      Vertx vertx,
      OrderStore store,
      CancelOrder cancelOrder,
      Duration every,
      Duration age,
      Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.cancelOrder = cancelOrder;
    this.every = every;
    this.age = age;
    this.clock = clock;
  }

  void start() {
    timer = vertx.setPeriodic(every.toMillis(), due -> settleAll());
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void settleAll() {
    if (settling) {
      return;
    }
    settling = true;
    settleNext()
        .onFailure(failure -> LOG.debug("cancels not settled yet: {}", failure.toString()))
        .onComplete(done -> settling = false);
  }

  /** One after another, as long as the bar answers: there may be many after a long silence. */
  private Future<Void> settleNext() {
    return store
        .intents(clock.instant().minus(age), AT_ONCE)
        .compose(
            intents ->
                intents.isEmpty()
                    ? Future.succeededFuture()
                    : settle(intents)
                        .compose(
                            settled ->
                                intents.size() < AT_ONCE
                                    ? Future.succeededFuture()
                                    : settleNext()));
  }

  /** The first one alone: a half-open breaker lets one through, and closes if it is answered. */
  private Future<Void> settle(List<OrderStore.Intent> intents) {
    return settle(intents.getFirst())
        .compose(
            answered ->
                Future.all(intents.subList(1, intents.size()).stream().map(this::settle).toList()))
        .mapEmpty();
  }

  private Future<Cancellation> settle(OrderStore.Intent intent) {
    return cancelOrder
        .askAndRecord(intent.orderId(), intent.barId(), intent.trace())
        .onSuccess(settled -> LOG.info("cancel of {} settled: {}", intent.orderId(), settled));
  }
}
