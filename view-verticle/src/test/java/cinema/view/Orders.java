package cinema.view;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.AlarmEvent.AlarmRaised;
import cinema.shared.contract.Customer;
import cinema.shared.contract.Event;
import cinema.shared.contract.Line;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderHandedOver;
import cinema.shared.contract.OrderRequestEvent.OrderReady;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderRequestEvent.StepUndone;
import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/** What the other services would tell of an order. */
final class Orders {
  static final Instant PLACED_AT = Instant.parse("2026-11-20T19:05:08.135Z");

  private Orders() {}

  static OrderPlaced placed(String barId) {
    return placed(barId, Ids.next(), null);
  }

  static OrderPlaced placed(String barId, UUID customerId) {
    return placed(barId, customerId, null);
  }

  /** Later ones have greater ids. */
  static OrderPlaced placed(String barId, UUID customerId, String note) {
    return new OrderPlaced(
        Ids.next(),
        1,
        PLACED_AT,
        barId,
        customerId,
        7,
        List.of(new Line("popcorn-caramel-l", "Caramel popcorn", 2, 7000)),
        14_000,
        "KRW",
        new Customer("Haneul", "010-1234-5678"),
        "G12",
        note,
        PLACED_AT.plusSeconds(120));
  }

  static List<OrderPlaced> placed(String barId, int many) {
    return IntStream.range(0, many).mapToObj(nth -> placed(barId)).toList();
  }

  static OrderCancelled cancelled(OrderPlaced order) {
    return new OrderCancelled(order.orderId(), 2, PLACED_AT, order.barId());
  }

  static OrderForgotten forgotten(OrderPlaced order) {
    return new OrderForgotten(order.orderId(), 3, PLACED_AT, order.barId());
  }

  static OrderRequestCancelled requestCancelled(OrderPlaced order) {
    return new OrderRequestCancelled(order.orderId(), 2, PLACED_AT, order.barId());
  }

  static OrderRequestRejected rejected(OrderPlaced order, String reason) {
    return new OrderRequestRejected(order.orderId(), 2, PLACED_AT, order.barId(), reason);
  }

  static PreparationStarted started(OrderPlaced order) {
    return new PreparationStarted(order.orderId(), 2, PLACED_AT, order.barId());
  }

  static OrderReady ready(OrderPlaced order) {
    return new OrderReady(order.orderId(), 3, PLACED_AT, order.barId());
  }

  static OrderHandedOver handedOver(OrderPlaced order) {
    return new OrderHandedOver(order.orderId(), 4, PLACED_AT, order.barId());
  }

  static StepUndone handOverUndone(OrderPlaced order) {
    return new StepUndone(order.orderId(), 5, PLACED_AT, order.barId(), OrderStatus.READY);
  }

  static AlarmRaised alarm(OrderPlaced order) {
    Alarm alarm =
        new Alarm(
            Ids.next(),
            order.orderId(),
            Alarm.Kind.NEW_ORDER,
            "Haneul",
            "2 × Caramel popcorn",
            PLACED_AT,
            null);
    return new AlarmRaised(order.orderId(), 1, PLACED_AT, order.barId(), alarm);
  }

  /** The order as the view shows it. */
  static Order shown(OrderPlaced order, OrderStatus status) {
    return shown(order, status, null);
  }

  static Order shown(OrderPlaced order, OrderStatus status, String reason) {
    return shown(
        order, status, new Customer("Haneul", "***-****-**78"), order.seat(), order.note(), reason);
  }

  /** The same once its customer has been forgotten. */
  static Order shownForgotten(OrderPlaced order, OrderStatus status) {
    return shown(order, status, new Customer("", null), null, null, null);
  }

  private static Order shown(
      OrderPlaced order,
      OrderStatus status,
      Customer customer,
      String seat,
      String note,
      String reason) {
    Order whole = order.order();
    return new Order(
        whole.orderId(),
        whole.barId(),
        whole.pickupNumber(),
        status,
        whole.lines(),
        whole.total(),
        whole.currency(),
        customer,
        seat,
        note,
        whole.placedAt(),
        whole.readyBy(),
        reason);
  }

  /** What a batch of events says, an element for each order. */
  static List<OrderChange> changes(Collection<? extends Event> batch) {
    Map<UUID, OrderChange> changes = new TreeMap<>();
    for (Event each : batch) {
      switch (each) {
        case OrderEvent event ->
            changes
                .computeIfAbsent(event.orderId(), id -> new OrderChange(id, event.barId()))
                .on(event);
        case OrderRequestEvent event ->
            changes
                .computeIfAbsent(event.orderId(), id -> new OrderChange(id, event.barId()))
                .on(event);
        default -> throw new IllegalArgumentException("not about an order: " + each);
      }
    }
    return new ArrayList<>(changes.values());
  }
}
