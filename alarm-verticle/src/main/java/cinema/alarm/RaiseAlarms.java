package cinema.alarm;

import cinema.shared.contract.Event;
import cinema.shared.contract.Line;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Raises one alarm for each placed order, and settles it when the order is cancelled. */
final class RaiseAlarms {
  private final AlarmStore store;
  private final Clock clock;

  RaiseAlarms(AlarmStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    Map<UUID, Told<OrderPlaced>> placed = new LinkedHashMap<>();
    Map<UUID, Told<OrderCancelled>> cancelled = new LinkedHashMap<>();
    for (Told<? extends Event> told : batch) {
      if (told.event() instanceof OrderEvent event) {
        switch (event) {
          case OrderPlaced order -> placed.put(order.orderId(), new Told<>(order, told.trace()));
          case OrderCancelled order ->
              cancelled.put(order.orderId(), new Told<>(order, told.trace()));
        }
      }
    }
    return store.raiseAndSettle(placed, cancelled, clock.instant());
  }

  /** Such as {@code 2 × Caramel popcorn, 1 × Cola}. */
  static String summary(List<Line> lines) {
    return lines.stream()
        .map(line -> line.quantity() + " × " + line.name())
        .collect(Collectors.joining(", "));
  }
}
