package cinema.view;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderForgotten;
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
  boolean forgotten;

  OrderChange(UUID orderId, String barId) {
    this.orderId = orderId;
    this.barId = barId;
  }

  void on(OrderEvent event) {
    switch (event) {
      case OrderPlaced placed -> {
        customerId = placed.customerId();
        Order order = placed.order();
        details = order.withCustomer(order.customer().masked());
        stands(OrderStatus.PLACED, placed.version());
      }
      case OrderCancelled cancelled -> stands(OrderStatus.CANCELLED, cancelled.version());
      case OrderForgotten it -> forgotten = true;
    }
  }

  private void stands(OrderStatus status, int version) {
    if (version > orderVersion) {
      orderVersion = version;
      orderStatus = status;
    }
  }

  /** Whether all it says is that the customer is to be forgotten. */
  boolean onlyForgets() {
    return forgotten && orderVersion == 0 && requestVersion == 0;
  }

  void on(OrderRequestEvent event) {
    if (event.version() > requestVersion) {
      requestVersion = event.version();
      requestStatus = event.status();
      reason = event instanceof OrderRequestRejected rejected ? rejected.reason() : null;
    }
  }
}
