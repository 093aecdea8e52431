package cinema.view;

import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Brings the order view up to date with a batch of events and sends what changed to the feeds. */
final class FollowOrders {
  private final ViewStore store;
  private final FanOut fanOut;

  FollowOrders(ViewStore store, FanOut fanOut) {
    this.store = store;
    this.fanOut = fanOut;
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    Map<UUID, OrderChange> changes = new TreeMap<>();
    List<AlarmEvent> alarms = new ArrayList<>();
    Map<String, Instant> since = new HashMap<>();
    for (Told<? extends Event> told : batch) {
      switch (told.event()) {
        // That the bar has taken the order in changes nothing that anybody sees.
        case OrderRequested taken -> {}
        case OrderEvent event -> {
          change(changes, event.orderId(), event.barId()).on(event);
          since.merge(event.barId(), event.occurredAt(), FollowOrders::earlier);
        }
        case OrderRequestEvent event -> {
          change(changes, event.orderId(), event.barId()).on(event);
          since.merge(event.barId(), event.occurredAt(), FollowOrders::earlier);
        }
        case AlarmEvent event -> {
          alarms.add(event);
          since.merge(event.barId(), event.occurredAt(), FollowOrders::earlier);
        }
        default -> {}
      }
    }
    if (changes.isEmpty() && alarms.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .apply(List.copyOf(changes.values()), alarms)
        .onSuccess(news -> news.forEach(each -> fanOut.send(each.since(since.get(each.barId())))))
        .mapEmpty();
  }

  private static Instant earlier(Instant one, Instant other) {
    return other.isBefore(one) ? other : one;
  }

  private static OrderChange change(Map<UUID, OrderChange> changes, UUID orderId, String barId) {
    return changes.computeIfAbsent(orderId, id -> new OrderChange(id, barId));
  }
}
