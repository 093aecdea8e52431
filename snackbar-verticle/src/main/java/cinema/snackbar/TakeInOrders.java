package cinema.snackbar;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Takes placed orders in as work for the bar, each once, and confirms them. */
final class TakeInOrders {
  private final OrderRequestStore store;
  private final Clock clock;

  TakeInOrders(OrderRequestStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    List<Told<OrderPlaced>> placed = new ArrayList<>();
    for (Told<? extends Event> told : batch) {
      if (told.event() instanceof OrderEvent event) {
        switch (event) {
          case OrderPlaced order -> placed.add(new Told<>(order, told.trace()));
          case OrderCancelled cancelled -> {
            // The bar itself decided that, when it answered the cancel.
          }
          case OrderForgotten forgotten -> {
            // An order request has never said whose it is.
          }
        }
      }
    }
    return placed.isEmpty() ? Future.succeededFuture() : store.takeIn(placed, clock.instant());
  }
}
