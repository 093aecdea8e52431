package cinema.order;

import cinema.order.Cancellation.Cancelled;
import cinema.order.Cancellation.NotYours;
import cinema.order.Cancellation.TooLate;
import cinema.order.Cancellation.Unanswered;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Answer;
import cinema.shared.service.Identity;
import cinema.shared.service.Ids;
import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import cinema.shared.service.Requests;
import cinema.shared.service.Signer;
import cinema.shared.service.WebServer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** HTTP for customers: sessions, menus, orders, and to be forgotten. */
final class OrderApi {
  private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

  private final PlaceOrder placeOrder;
  private final CancelOrder cancelOrder;
  private final ForgetCustomer forgetCustomer;
  private final OrderStore store;
  private final Menu menu;
  private final Signer sessions;
  private final Duration sessionLife;
  private final Clock clock;

  OrderApi(
      PlaceOrder placeOrder,
      CancelOrder cancelOrder,
      ForgetCustomer forgetCustomer,
      OrderStore store,
      Menu menu,
      Signer sessions,
      Duration sessionLife,
      Clock clock) {
    this.placeOrder = placeOrder;
    this.cancelOrder = cancelOrder;
    this.forgetCustomer = forgetCustomer;
    this.store = store;
    this.menu = menu;
    this.sessions = sessions;
    this.sessionLife = sessionLife;
    this.clock = clock;
  }

  Future<Answer> openSession(RoutingContext context) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    UUID customerId = Ids.next();
    return Future.succeededFuture(
        Answer.of(
            201,
            Map.of(
                "token", sessions.sign(customerId.toString(), Set.of(), now, sessionLife),
                "customerId", customerId,
                "expiresAt", now.plus(sessionLife))));
  }

  /** For whoever verifies sessions (RFC 7517 §5). */
  Future<Answer> sessionKeys(RoutingContext context) {
    return Future.succeededFuture(Answer.ok(sessions.publicKeys()));
  }

  Future<Answer> bars(RoutingContext context) {
    return Future.succeededFuture(Answer.ok(Map.of("bars", menu.bars())));
  }

  Future<Answer> menu(RoutingContext context) {
    String barId = context.pathParam("barId");
    List<MenuItem> items = menu.of(barId);
    return items == null
        ? Future.failedFuture(Problem.notFound("bar").thrown())
        : Future.succeededFuture(
            Answer.ok(
                Map.of("barId", barId, "items", items.stream().map(OrderApi::shown).toList())));
  }

  /** How many are left is the bar's business; a customer sees whether it can be had. */
  private static MenuItem shown(MenuItem item) {
    return new MenuItem(
        item.itemId(),
        item.name(),
        item.names(),
        item.price(),
        item.currency(),
        item.prepSeconds(),
        item.sellable(),
        null);
  }

  Future<Answer> place(RoutingContext context) {
    JsonObject body = Requests.requireJson(context);
    String key = context.request().getHeader("Idempotency-Key");
    if (key != null && !KEY.matcher(key).matches()) {
      throw Problem.invalid(
              List.of(
                  new FieldError(
                      "header Idempotency-Key", "must have 1 to 255 visible ASCII characters")))
          .thrown();
    }
    OrderForm form = OrderForm.read(body);
    return placeOrder
        .place(customerId(context), form, key, WebServer.traceOf(context))
        .map(order -> Answer.of(201, order).location("/orders/" + order.orderId()));
  }

  Future<Answer> find(RoutingContext context) {
    return store
        .find(Ids.parse(context.pathParam("orderId"), "order"), customerId(context))
        .map(
            order -> {
              if (order == null) {
                throw Problem.notFound("order").thrown();
              }
              return Answer.ok(order);
            });
  }

  Future<Answer> cancel(RoutingContext context) {
    UUID orderId = Ids.parse(context.pathParam("orderId"), "order");
    return cancelOrder
        .cancel(orderId, customerId(context), WebServer.traceOf(context))
        .map(
            cancellation ->
                switch (cancellation) {
                  case Cancelled yes -> Answer.ok(status(orderId, OrderStatus.CANCELLED));
                  case Unanswered unknown ->
                      Answer.of(202, status(orderId, OrderStatus.CANCELLING))
                          .location("/orders/" + orderId);
                  case NotYours none -> throw Problem.notFound("order").thrown();
                  case TooLate refused ->
                      throw Problem.of(
                              409, "too-late", "Too late", CancelOrder.reason(refused.now()))
                          .with("orderStatus", refused.now())
                          .thrown();
                });
  }

  Future<Answer> forget(RoutingContext context) {
    return forgetCustomer
        .forget(customerId(context), WebServer.traceOf(context))
        .map(forgotten -> Answer.ok(Map.of("orders", forgotten)));
  }

  private static Map<String, Object> status(UUID orderId, OrderStatus status) {
    return Map.of("orderId", orderId, "status", status);
  }

  private static UUID customerId(RoutingContext context) {
    return UUID.fromString(Identity.callerOf(context).id());
  }
}
