package cinema.alarm;

import cinema.alarm.AlarmStore.Over;
import cinema.shared.contract.Event;
import cinema.shared.contract.Line;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Raises one alarm for each placed order, and settles it once the order is begun or cancelled. */
final class RaiseAlarms {
  private final AlarmStore store;
  private final Clock clock;

  RaiseAlarms(AlarmStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    Map<UUID, Told<OrderPlaced>> placed = new LinkedHashMap<>();
    Map<UUID, Over> over = new LinkedHashMap<>();
    for (Told<? extends Event> told : batch) {
      switch (told.event()) {
        case OrderPlaced order -> placed.put(order.orderId(), new Told<>(order, told.trace()));
        case OrderCancelled order ->
            over.put(order.orderId(), new Over(order.orderId(), order.barId(), told.trace()));
        case OrderRequestEvent request -> {
          if (saysThatSomebodyHasSeenIt(request.status())) {
            over.put(request.orderId(), new Over(request.orderId(), request.barId(), told.trace()));
          }
        }
        default -> {}
      }
    }
    return placed.isEmpty() && over.isEmpty()
        ? Future.succeededFuture()
        : store.raiseAndSettle(placed, over, clock.instant());
  }

  /** Whoever has begun, or said no, has; of a cancel order-verticle tells. */
  private static boolean saysThatSomebodyHasSeenIt(OrderStatus status) {
    return status != OrderStatus.PLACED && status != OrderStatus.CANCELLED;
  }

  /** Such as {@code 2 × Caramel popcorn, 1 × Cola}. */
  static String summary(List<Line> lines) {
    return lines.stream()
        .map(line -> line.quantity() + " × " + line.name())
        .collect(Collectors.joining(", "));
  }
}
