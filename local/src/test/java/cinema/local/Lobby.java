package cinema.local;

import cinema.local.Product.Answered;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Somebody who works at the lobby's bar: what they see, and what they do. */
final class Lobby {
  final String token;

  private final Product product;

  Lobby(Product product) {
    this.product = product;
    this.token = product.staffOf("lobby");
  }

  /** The orders on the board; none while it is not there, as after a kill. */
  List<String> board() {
    return ids(list("/orders?limit=200", "orders"));
  }

  /** All orders that the bar has ever had. */
  List<String> history() {
    return ids(orders());
  }

  private static List<String> ids(JsonArray orders) {
    return orders.stream().map(order -> ((JsonObject) order).getString("orderId")).toList();
  }

  /** All orders that the bar has ever had, as the view shows them. */
  JsonArray orders() {
    return list("/orders?status=ALL&limit=200", "orders");
  }

  List<Integer> pickupNumbers() {
    return orders().stream().map(order -> ((JsonObject) order).getInteger("pickupNumber")).toList();
  }

  /** The orders of all alarms, one for each alarm. */
  List<String> alarmed() {
    return list("/alarms?limit=200", "alarms").stream()
        .map(alarm -> ((JsonObject) alarm).getString("orderId"))
        .toList();
  }

  /** All alarms, by order. */
  Map<String, JsonObject> alarms() {
    return list("/alarms?limit=200", "alarms").stream()
        .map(JsonObject.class::cast)
        .collect(Collectors.toMap(alarm -> alarm.getString("orderId"), alarm -> alarm));
  }

  void acknowledge(String orderId) {
    String alarmId = alarms().get(orderId).getString("alarmId");
    product.post("/bars/lobby/alarms/" + alarmId + "/acknowledge").by(token).send();
  }

  boolean isAlarmedBy(String customer) {
    return list("/alarms?acknowledged=false", "alarms").stream()
        .anyMatch(alarm -> ((JsonObject) alarm).getString("customer").equals(customer));
  }

  private JsonArray list(String path, String name) {
    Answered answered = product.get("/bars/lobby" + path).by(token).send();
    return answered.status() == 503 ? new JsonArray() : answered.body().getJsonArray(name);
  }

  /**
   * Whether the bar has got an order that nobody has begun: as long as it has not, there is no such
   * order to undo, and then there is nothing to be undone.
   */
  boolean hasTaken(String orderId) {
    return take(orderId, "undo").status() == 409;
  }

  void change(String itemId, JsonObject change) {
    product.patch("/bars/lobby/menu/" + itemId).by(token).send(change);
  }

  Answered take(String orderId, String step) {
    return product.post("/bars/lobby/orders/" + orderId + "/" + step).by(token).send();
  }
}
