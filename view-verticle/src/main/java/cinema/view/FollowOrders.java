package cinema.view;

import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.events.Told;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Brings the order view up to date with a batch of events and sends what changed to the feeds. */
final class FollowOrders {
  /** That the bar has taken an order in changes nothing that anybody sees. */
  static final Set<Class<? extends Event>> UNHEEDED = Set.of(OrderRequested.class);

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
    Map<UUID, Trace> traces = new HashMap<>();
    boolean traced = Tracing.here().isOn();
    for (Told<? extends Event> told : batch) {
      UUID about = take(told.event(), changes, alarms, since);
      if (traced && about != null) {
        traces.put(about, told.trace());
      }
    }
    if (changes.isEmpty() && alarms.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .apply(List.copyOf(changes.values()), alarms, traces)
        .onSuccess(news -> news.forEach(each -> fanOut.send(each.since(since.get(each.barId())))))
        .mapEmpty();
  }

  private static Instant earlier(Instant one, Instant other) {
    return other.isBefore(one) ? other : one;
  }

  /**
   * @param since of each bar when the earliest of it happened
   * @return the order or the alarm that it is about; null when nobody sees anything of it
   */
  private static UUID take(
      Event event,
      Map<UUID, OrderChange> changes,
      List<AlarmEvent> alarms,
      Map<String, Instant> since) {
    return switch (event) {
      case OrderEvent order -> {
        change(changes, order.orderId(), order.barId()).on(order);
        since.merge(order.barId(), order.occurredAt(), FollowOrders::earlier);
        yield order.orderId();
      }
      case OrderRequestEvent request -> {
        change(changes, request.orderId(), request.barId()).on(request);
        since.merge(request.barId(), request.occurredAt(), FollowOrders::earlier);
        yield request.orderId();
      }
      case AlarmEvent alarm -> {
        alarms.add(alarm);
        since.merge(alarm.barId(), alarm.occurredAt(), FollowOrders::earlier);
        yield alarm.alarm().alarmId();
      }
      default -> null;
    };
  }

  private static OrderChange change(Map<UUID, OrderChange> changes, UUID orderId, String barId) {
    return changes.computeIfAbsent(orderId, id -> new OrderChange(id, barId));
  }
}
