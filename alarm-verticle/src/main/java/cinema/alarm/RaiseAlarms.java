package cinema.alarm;

import cinema.alarm.AlarmStore.Over;
import cinema.shared.contract.Event;
import cinema.shared.contract.Line;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent.OrderHandedOver;
import cinema.shared.contract.OrderRequestEvent.OrderReady;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderRequestEvent.StepUndone;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Raises one alarm for each placed order, settles it once the order is begun, turned down or
 * cancelled, and forgets its customer's name when asked to.
 */
final class RaiseAlarms {
  /** What neither raises an alarm nor settles one that is not settled already. */
  static final Set<Class<? extends Event>> UNHEEDED =
      Set.of(
          OrderRequested.class,
          OrderReady.class,
          OrderHandedOver.class,
          StepUndone.class,
          OrderRequestCancelled.class);

  private final AlarmStore store;
  private final Clock clock;

  RaiseAlarms(AlarmStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    Map<UUID, Told<OrderPlaced>> placed = new LinkedHashMap<>();
    Map<UUID, Over> over = new LinkedHashMap<>();
    Map<UUID, String> forgotten = new LinkedHashMap<>();
    for (Told<? extends Event> told : batch) {
      switch (told.event()) {
        case OrderPlaced order -> placed.put(order.orderId(), new Told<>(order, told.trace()));
        case OrderCancelled it -> over.put(it.orderId(), new Over(it.barId(), told.trace()));
        case PreparationStarted it -> over.put(it.orderId(), new Over(it.barId(), told.trace()));
        case OrderRequestRejected it -> over.put(it.orderId(), new Over(it.barId(), told.trace()));
        case OrderForgotten it -> forgotten.put(it.orderId(), it.barId());
        default -> {} // what comes later needs no alarm to be settled again
      }
    }
    return placed.isEmpty() && over.isEmpty() && forgotten.isEmpty()
        ? Future.succeededFuture()
        : store.apply(placed, over, forgotten, clock.instant());
  }

  /** Such as {@code 2 × Caramel popcorn, 1 × Cola}. */
  static String summary(List<Line> lines) {
    return lines.stream()
        .map(line -> line.quantity() + " × " + line.name())
        .collect(Collectors.joining(", "));
  }
}
