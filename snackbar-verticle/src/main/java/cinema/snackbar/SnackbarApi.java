package cinema.snackbar;

import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Answer;
import cinema.shared.service.Ids;
import cinema.shared.service.Problem;
import cinema.shared.service.WebServer;
import cinema.snackbar.OrderRequestStore.Wanted;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/** HTTP for staff: the steps of an order request, and the menu. */
final class SnackbarApi {
  private final TakeStep takeStep;
  private final MenuStore menus;
  private final Clock clock;

  SnackbarApi(TakeStep takeStep, MenuStore menus, Clock clock) {
    this.takeStep = takeStep;
    this.menus = menus;
    this.clock = clock;
  }

  Future<Answer> step(Step step, RoutingContext context) {
    UUID orderId = Ids.parse(context.pathParam("orderId"), "order");
    String reason = step == Step.REJECT ? context.body().asJsonObject().getString("reason") : null;
    String barId = context.pathParam("barId");
    return takeStep
        .take(new Wanted(orderId, barId, step, reason, WebServer.traceOf(context)))
        .map(
            moved -> {
              if (moved.now() == null) {
                throw Problem.notFound("order").thrown();
              }
              if (!moved.moved() && !step.alreadyHolds(moved.now())) {
                throw notFrom(moved.now());
              }
              return Answer.ok(Map.of("orderId", orderId, "status", moved.now()));
            });
  }

  private static Problem.Thrown notFrom(OrderStatus now) {
    return Problem.of(409, "step-not-allowed", "Not from here", "The order stands at " + now + ".")
        .with("orderStatus", now)
        .thrown();
  }

  Future<Answer> changeItem(RoutingContext context) {
    JsonObject change = context.body().asJsonObject();
    return menus
        .change(
            context.pathParam("barId"),
            context.pathParam("itemId"),
            change.getBoolean("available"),
            change.getLong("price"),
            change.containsKey("stock"),
            change.getInteger("stock"),
            clock.instant(),
            WebServer.traceOf(context))
        .map(
            item -> {
              if (item == null) {
                throw Problem.notFound("menu item").thrown();
              }
              return Answer.ok(item);
            });
  }
}
