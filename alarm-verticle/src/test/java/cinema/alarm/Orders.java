package cinema.alarm;

import cinema.shared.contract.Customer;
import cinema.shared.contract.Line;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.service.Ids;
import java.time.Instant;
import java.util.List;

/** What order-verticle and the bar would tell. */
final class Orders {
  static final Instant PLACED_AT = Instant.parse("2026-11-20T19:05:08.135Z");

  private Orders() {}

  /** A new order of this customer: two popcorn and a cola. */
  static OrderPlaced placed(String barId, String customer) {
    return new OrderPlaced(
        Ids.next(),
        1,
        PLACED_AT,
        barId,
        Ids.next(),
        7,
        List.of(
            new Line("popcorn-caramel-l", "Caramel popcorn", 2, 7000),
            new Line("cola-m", "Cola", 1, 3000)),
        17_000,
        "KRW",
        new Customer(customer, null),
        null,
        null,
        PLACED_AT.plusSeconds(120));
  }

  static OrderRequested takenIn(OrderPlaced order) {
    return new OrderRequested(order.orderId(), 1, PLACED_AT.plusSeconds(1), order.barId());
  }

  static PreparationStarted started(OrderPlaced order) {
    return new PreparationStarted(order.orderId(), 2, PLACED_AT.plusSeconds(5), order.barId());
  }

  static OrderRequestRejected rejected(OrderPlaced order) {
    return new OrderRequestRejected(
        order.orderId(), 2, PLACED_AT.plusSeconds(5), order.barId(), "Sold out");
  }

  static OrderCancelled cancelled(OrderPlaced order) {
    return new OrderCancelled(order.orderId(), 2, PLACED_AT.plusSeconds(5), order.barId());
  }

  static OrderForgotten forgotten(OrderPlaced order) {
    return new OrderForgotten(order.orderId(), 3, PLACED_AT.plusSeconds(9), order.barId());
  }
}
