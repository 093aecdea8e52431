package cinema.order;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Follows what the bars do with the orders. */
final class FollowOrderRequests {
  private final OrderStore store;
  private final Clock clock;

  FollowOrderRequests(OrderStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    Map<UUID, Told<OrderRequestEvent>> newest = new LinkedHashMap<>();
    for (Told<? extends Event> told : batch) {
      if (told.event() instanceof OrderRequestEvent event) {
        newest.merge(
            event.orderId(),
            new Told<>(event, told.trace()),
            (one, other) -> one.event().version() > other.event().version() ? one : other);
      }
    }
    return store.follow(newest.values(), clock.instant());
  }
}
