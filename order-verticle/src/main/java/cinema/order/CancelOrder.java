package cinema.order;

import cinema.order.Cancellation.Cancelled;
import cinema.order.Cancellation.NotYours;
import cinema.order.Cancellation.TooLate;
import cinema.order.Cancellation.Unanswered;
import cinema.order.CancellingStore.Agreed;
import cinema.order.OrderStore.Sought;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Batcher;
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an order back. Cancel against start can only be decided at the bar, so the bar is asked;
 * without an answer the wish is stored, to be settled later. Cancels that come together go to the
 * database together (decision 5).
 */
final class CancelOrder {
  private static final Logger LOG = LoggerFactory.getLogger(CancelOrder.class);

  private static final int MOST_WAITING = 4096;

  private final CancellingStore store;
  private final AskBar askBar;
  private final Clock clock;
  private final Batcher<Sought, Order> lookUps;
  private final Batcher<Agreed, Cancellation> cancels;
  private final Batcher<UUID, Cancellation> wishes;

  CancelOrder(
      OrderStore orders, CancellingStore store, AskBar askBar, Metrics metrics, Clock clock) {
    this.store = store;
    this.askBar = askBar;
    this.clock = clock;
    this.lookUps = Batcher.fromDatabase("look-ups", MOST_WAITING, metrics, orders::find);
    this.cancels = Batcher.intoDatabase("cancels", MOST_WAITING, metrics, this::recordAll);
    this.wishes = Batcher.intoDatabase("wishes", MOST_WAITING, metrics, this::keepAll);
  }

  Future<Cancellation> cancel(UUID orderId, UUID customerId, Trace trace) {
    return lookUps
        .add(new Sought(orderId, customerId))
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
    return askAndRecord(order.orderId(), order.barId(), trace)
        .recover(
            silence ->
                wishes
                    .add(order.orderId())
                    .recover(
                        notKept -> Future.failedFuture(unknown(order.orderId(), notKept, trace))));
  }

  /** The bar may have agreed before it fell silent, so this is no refusal. */
  private static Problem.Thrown unknown(UUID orderId, Throwable failure, Trace trace) {
    LOG.atWarn()
        .addKeyValue("trace", trace.traceId())
        .addKeyValue("order", orderId)
        .log("the wish to cancel could not be kept: {}", failure.toString());
    return Problem.unknown("The order may or may not be cancelled. Ask again to be sure.").thrown();
  }

  /** Asks the bar and records what it says; fails when it says nothing. */
  Future<Cancellation> askAndRecord(UUID orderId, String barId, Trace trace) {
    return askBar.ask(orderId, barId, trace).compose(reply -> record(orderId, barId, reply, trace));
  }

  private Future<Cancellation> record(UUID orderId, String barId, Cancel.Reply reply, Trace trace) {
    return switch (reply.outcome()) {
      case CANCELLED -> cancels.add(new Agreed(orderId, barId, reply.version(), trace));
      case TOO_LATE ->
          store
              .refuse(orderId, reply.status(), reply.version())
              .map(recorded -> new TooLate(reply.status()));
    };
  }

  private Future<List<Cancellation>> recordAll(List<Agreed> agreed) {
    return store
        .cancel(agreed, clock.instant())
        .map(recorded -> Collections.nCopies(agreed.size(), new Cancelled()));
  }

  private Future<List<Cancellation>> keepAll(List<UUID> orderIds) {
    return store
        .intend(orderIds, clock.instant())
        .map(kept -> Collections.nCopies(orderIds.size(), new Unanswered()));
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
