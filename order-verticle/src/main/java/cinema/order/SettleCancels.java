package cinema.order;

import cinema.shared.service.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again for the cancels that the bar has not answered, whoever stored them: this process or
 * one that died.
 */
final class SettleCancels {
  private static final Logger LOG = LoggerFactory.getLogger(SettleCancels.class);
  private static final int MOST_AT_ONCE = 100;

  private final CancellingStore store;
  private final CancelOrder cancelOrder;
  private final AskBar askBar;
  private final OrderSettings settings;
  private final Clock clock;
  private final Rounds rounds;
  private int atOnce = 1;

  SettleCancels(
      Vertx vertx,
      CancellingStore store,
      CancelOrder cancelOrder,
      AskBar askBar,
      OrderSettings settings,
      Clock clock) {
    this.store = store;
    this.cancelOrder = cancelOrder;
    this.askBar = askBar;
    this.settings = settings;
    this.clock = clock;
    this.rounds = new Rounds(vertx, settings.cancelRetry(), this::settleAll);
  }

  void start() {
    rounds.start();
  }

  void stop() {
    rounds.stop();
  }

  /** One round; completes when it is over. Does nothing while another is at it. */
  Future<Void> settle() {
    return rounds.now();
  }

  private Future<Void> settleAll() {
    return settleSome()
        .onFailure(failure -> LOG.debug("cancels not settled yet: {}", failure.toString()));
  }

  /** On and on, as long as the bar answers: there may be many after a long silence. */
  private Future<Void> settleSome() {
    int most = askBar.mayAsk(atOnce);
    if (most == 0) {
      // What is claimed and not asked would only be withheld from others.
      return Future.succeededFuture();
    }
    Instant now = clock.instant();
    return store
        .claimIntents(now, now.plus(settings.cancelTimeout().multipliedBy(2)), most)
        .compose(this::settle)
        .compose(settled -> settled > 0 ? settleSome() : Future.<Void>succeededFuture());
  }

  /**
   * Completes with how many were settled; one that gets no answer does not hold up the others. A
   * bar that has just come back is slow: it is asked for twice as many each time that it has
   * answered all, and for one after it has not.
   */
  private Future<Integer> settle(List<CancellingStore.Intent> intents) {
    if (intents.isEmpty()) {
      return Future.succeededFuture(0);
    }
    List<Future<Boolean>> settling = intents.stream().map(this::settle).toList();
    return Future.join(settling)
        .map(
            done -> {
              int settled = (int) settling.stream().filter(Future::result).count();
              atOnce = settled == intents.size() ? Math.min(2 * atOnce, MOST_AT_ONCE) : 1;
              return settled;
            });
  }

  private Future<Boolean> settle(CancellingStore.Intent intent) {
    return cancelOrder
        .askAndRecord(intent.orderId(), intent.barId(), intent.trace())
        .onSuccess(
            settled ->
                LOG.atInfo()
                    .addKeyValue("trace", intent.trace().traceId())
                    .addKeyValue("order", intent.orderId())
                    .log("a cancel is settled: {}", settled))
        .map(true)
        .otherwise(false);
  }
}
