package cinema.view;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderStatus;
import java.util.UUID;

/** What one batch of events says of one order, whatever order they came in. */
final class OrderChange {
  final UUID orderId;
  final String barId;
  OrderStatus orderStatus;
  int orderVersion;
  OrderStatus requestStatus;
  int requestVersion;
  String reason;
  UUID customerId;
  Order details;

  OrderChange(UUID orderId, String barId) {
    this.orderId = orderId;
    this.barId = barId;
  }

  void on(OrderEvent event) {
    OrderStatus status =
        switch (event) {
          case OrderPlaced placed -> {
            customerId = placed.customerId();
            Order order = placed.order();
            details = masked(order);
            yield OrderStatus.PLACED;
          }
          case OrderCancelled cancelled -> OrderStatus.CANCELLED;
        };
    if (event.version() > orderVersion) {
      orderVersion = event.version();
      orderStatus = status;
    }
  }

  void on(OrderRequestEvent event) {
    if (event.version() > requestVersion) {
      requestVersion = event.version();
      requestStatus = event.status();
      reason = event instanceof OrderRequestRejected rejected ? rejected.reason() : null;
    }
  }

  private static Order masked(Order order) {
    return new Order(
        order.orderId(),
        order.barId(),
        order.pickupNumber(),
        order.status(),
        order.lines(),
        order.total(),
        order.currency(),
        order.customer().masked(),
        order.seat(),
        order.note(),
        order.placedAt(),
        order.readyBy(),
        null);
  }
}
