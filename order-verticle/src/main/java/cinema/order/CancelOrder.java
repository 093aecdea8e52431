package cinema.order;

import cinema.order.Cancellation.Cancelled;
import cinema.order.Cancellation.NotYours;
import cinema.order.Cancellation.TooLate;
import cinema.order.Cancellation.Unanswered;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.service.Problem;
import cinema.shared.service.Trace;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an order back: asks the bar over the event bus, behind a circuit breaker, because cancel
 * against start can only be decided there. Without an answer the wish is stored and asked again
 * until there is one.
 */
final class CancelOrder {
  private static final Logger LOG = LoggerFactory.getLogger(CancelOrder.class);
  private static final int INTENTS_AT_ONCE = 100;

  private final Vertx vertx;
  private final OrderStore store;
  private final OrderSettings settings;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private boolean settling;
  private long asking = -1;

  CancelOrder(Vertx vertx, OrderStore store, OrderSettings settings, Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    // Only silence is a failure, so only silence opens the breaker: a refusal is an answer.
    this.breaker =
        CircuitBreaker.create(
                "cancel",
                vertx,
                new CircuitBreakerOptions()
                    .setMaxFailures(settings.breakerFailures())
                    .setFailuresRollingWindow(settings.breakerWindow().toMillis())
                    .setTimeout(settings.breakerTimeout().toMillis())
                    .setResetTimeout(settings.breakerReset().toMillis()))
            .openHandler(
                opened -> LOG.warn("the bar is silent: cancels are stored and asked later"))
            .closeHandler(closed -> LOG.info("the bar answers cancels again"));
  }

  /** Begins to ask again what was not answered, by this process or by one that died. */
  void start() {
    asking = vertx.setPeriodic(settings.cancelRetry().toMillis(), timer -> settleIntents());
  }

  void stop() {
    vertx.cancelTimer(asking);
    breaker.close();
  }

  Future<Cancellation> cancel(UUID orderId, UUID customerId, Trace trace) {
    return store
        .find(orderId, customerId)
        .compose(
            order -> {
              if (order == null) {
                return Future.succeededFuture(new NotYours());
              }
              return switch (order.status()) {
                case CANCELLED -> Future.succeededFuture(new Cancelled());
                case PLACED, CANCELLING -> ask(order, trace);
                case PENDING_PAYMENT, PREPARING, READY, HANDED_OVER, REJECTED, PAYMENT_FAILED ->
                    Future.succeededFuture(new TooLate(order.status()));
              };
            });
  }

  private Future<Cancellation> ask(Order order, Trace trace) {
    return answered(order.orderId(), order.barId(), trace)
        .recover(
            silence ->
                store
                    .intend(order.orderId(), clock.instant())
                    .<Cancellation>map(kept -> new Unanswered())
                    .recover(notKept -> Future.failedFuture(unknown(order.orderId(), notKept))));
  }

  /** The bar may have agreed before it fell silent, so this is no refusal. */
  private static Problem.Thrown unknown(UUID orderId, Throwable failure) {
    LOG.warn("the wish to cancel {} could not be kept: {}", orderId, failure.toString());
    return Problem.unknown("The order may or may not be cancelled. Ask again to be sure.").thrown();
  }

  /** Asks the bar and records what it says; fails when it says nothing. */
  private Future<Cancellation> answered(UUID orderId, String barId, Trace trace) {
    Cancel.Request request =
        new Cancel.Request(orderId, barId, trace.traceparent(), trace.correlationId());
    return breaker.execute(() -> request(request)).compose(reply -> record(orderId, reply, trace));
  }

  private Future<Cancel.Reply> request(Cancel.Request request) {
    DeliveryOptions options =
        new DeliveryOptions().setSendTimeout(settings.cancelTimeout().toMillis());
    return vertx
        .eventBus()
        .<String>request(Cancel.ADDRESS, Wire.encode(request), options)
        .map(message -> Wire.decode(message.body(), Cancel.Reply.class));
  }

  private Future<Cancellation> record(UUID orderId, Cancel.Reply reply, Trace trace) {
    return switch (reply.outcome()) {
      case CANCELLED ->
          store
              .cancel(orderId, reply.version(), clock.instant(), trace)
              .map(recorded -> new Cancelled());
      case TOO_LATE ->
          store
              .refuse(orderId, reply.status(), reply.version())
              .map(recorded -> new TooLate(reply.status()));
    };
  }

  private void settleIntents() {
    if (settling) {
      return;
    }
    settling = true;
    store
        .intents(clock.instant().minus(settings.cancelTimeout()), INTENTS_AT_ONCE)
        .compose(this::settle)
        .onFailure(failure -> LOG.debug("cancels not settled yet: {}", failure.toString()))
        .onComplete(done -> settling = false);
  }

  private Future<?> settle(List<OrderStore.Intent> intents) {
    return Future.join(
        intents.stream()
            .map(
                intent ->
                    answered(intent.orderId(), intent.barId(), intent.trace())
                        .onSuccess(
                            settled ->
                                LOG.info("cancel of {} settled: {}", intent.orderId(), settled)))
            .toList());
  }

  /** What a refused customer is told. */
  static String reason(OrderStatus now) {
    return switch (now) {
      case PREPARING -> "The bar has started on it.";
      case READY -> "It is ready to be picked up.";
      case HANDED_OVER -> "It has been handed over.";
      case REJECTED -> "The bar has already turned it down.";
      case PAYMENT_FAILED -> "It was never paid for.";
      case PENDING_PAYMENT, PLACED, CANCELLED, CANCELLING -> "It stands at " + now + ".";
    };
  }
}
