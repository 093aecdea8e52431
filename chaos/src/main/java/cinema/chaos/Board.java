package cinema.chaos;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.FeedMessage.AlarmChanged;
import cinema.shared.contract.FeedMessage.OrderChanged;
import cinema.shared.contract.FeedMessage.Removed;
import cinema.shared.contract.FeedMessage.Snapshot;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * What a board shows that follows a bar's feed, and whether the feed keeps its word: the first
 * message is a snapshot, each other has the next number, over reconnects too, and nobody hears
 * again of what is cancelled or rejected. What was handed over may come back by an undo. For any
 * thread.
 */
final class Board {
  private static final int MOST_ANOMALIES = 1000;

  private final String name;
  private final String barId;
  private final LongSupplier clock;
  private final Map<UUID, Order> orders = new LinkedHashMap<>();
  private final Map<UUID, Long> firstShown = new HashMap<>();
  private final Set<UUID> ended = new HashSet<>();
  private final List<String> anomalies = new ArrayList<>();
  private String epoch;
  private long since = -1;

  /**
   * @param clock nanoseconds of the history
   */
  Board(String name, String barId, LongSupplier clock) {
    this.name = name;
    this.barId = barId;
    this.clock = clock;
  }

  synchronized void apply(FeedMessage message) {
    switch (message) {
      case Snapshot snapshot -> begin(snapshot);
      case OrderChanged changed -> {
        follow(changed.seq());
        show(changed.seq(), changed.order());
      }
      case Removed removed -> {
        follow(removed.seq());
        remove(removed);
      }
      case AlarmChanged alarm -> follow(alarm.seq());
    }
  }

  /** Notes what cannot be read as a feed message. */
  synchronized void unreadable(String why) {
    anomaly("after %d came what cannot be read: %s", since, why);
  }

  private void begin(Snapshot snapshot) {
    if (snapshot.epoch().equals(epoch) && snapshot.seq() < since) {
      anomaly("a snapshot went back from %d to %d", since, snapshot.seq());
    }
    epoch = snapshot.epoch();
    since = snapshot.seq();
    orders.clear();
    snapshot.orders().forEach(order -> show(snapshot.seq(), order));
  }

  private void follow(long seq) {
    if (epoch == null) {
      anomaly("the feed began with %d instead of a snapshot", seq);
    } else if (seq > since + 1) {
      anomaly("%d followed %d", seq, since);
    } else if (seq <= since) {
      anomaly("%d was told again after %d", seq, since);
    }
    since = seq;
  }

  private void show(long seq, Order order) {
    UUID orderId = order.orderId();
    if (!order.barId().equals(barId)) {
      anomaly("%d shows %s of bar %s", seq, orderId, order.barId());
    }
    if (!order.status().isOpen()) {
      anomaly("%d shows %s at %s", seq, orderId, order.status());
    }
    if (ended.contains(orderId)) {
      anomaly("%d shows %s again, which had been cancelled or rejected", seq, orderId);
    }
    orders.put(orderId, order);
    firstShown.putIfAbsent(orderId, clock.getAsLong());
  }

  private void remove(Removed removed) {
    if (removed.reason().isOpen()) {
      anomaly("%d removes %s for being %s", removed.seq(), removed.orderId(), removed.reason());
    }
    if (removed.reason() != OrderStatus.HANDED_OVER) {
      ended.add(removed.orderId());
    }
    orders.remove(removed.orderId());
  }

  private void anomaly(String sentence, Object... values) {
    if (anomalies.size() < MOST_ANOMALIES) {
      anomalies.add(sentence.formatted(values));
    }
  }

  /** The query by which a feed goes on where this board stands; empty before the first snapshot. */
  synchronized String resume() {
    return epoch == null ? "" : "?epoch=" + epoch + "&since=" + since;
  }

  /** What it shows now. */
  synchronized List<Order> orders() {
    return List.copyOf(orders.values());
  }

  /** What there is to say of it in the end. */
  synchronized Truth.Watched watched() {
    Map<UUID, OrderStatus> shown = new HashMap<>();
    orders.forEach((orderId, order) -> shown.put(orderId, order.status()));
    return new Truth.Watched(
        name, barId, Map.copyOf(shown), Map.copyOf(firstShown), List.copyOf(anomalies));
  }
}
