package cinema.chaos;

import cinema.chaos.Operation.Place;
import cinema.chaos.Operation.Wish;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Truth.AlarmRow;
import cinema.chaos.Truth.OrderRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.Trouble;
import cinema.chaos.Truth.ViewRow;
import cinema.chaos.Truth.Watched;
import cinema.shared.contract.OrderStatus;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A small evening, all right to begin with, of which a test spoils one thing. */
final class Scene {
  static final UUID ORDER = Calls.ORDER;
  static final UUID OWNER = Calls.OWNER;
  static final LocalDate DAY = LocalDate.of(2026, 11, 20);
  static final Duration LIMIT = Duration.ofNanos(1000);

  final History history = new History(() -> 0);
  final Map<UUID, OrderRow> orders = new HashMap<>();
  final Map<UUID, RequestRow> requests = new HashMap<>();
  final List<AlarmRow> alarms = new ArrayList<>();
  final Map<UUID, ViewRow> views = new HashMap<>();
  final Map<UUID, OrderStatus> board = new HashMap<>();
  final Map<UUID, Long> firstShown = new HashMap<>();
  final List<String> feed = new ArrayList<>();
  final List<Trouble> troubles = new ArrayList<>();

  /** With one order, {@link #ORDER}, just placed. */
  static Scene placed() {
    return with(OrderStatus.PLACED, 1);
  }

  /** With one order that stands there in the end. */
  static Scene with(OrderStatus status, int version) {
    Scene scene = new Scene();
    scene.told(attempt(), new Acknowledged(201, ORDER, OrderStatus.PLACED, 7));
    scene.stored(ORDER, "key", 7, status, version);
    return scene;
  }

  static Wish wish(String name) {
    return new Wish("lobby", "2*cola-m", name);
  }

  static Place attempt() {
    return new Place(OWNER, "key", wish("key"));
  }

  Scene told(Place place, Outcome outcome) {
    return add(new Operation("customer", place, 0, 0, outcome));
  }

  Scene add(Operation operation) {
    history.add(operation);
    return this;
  }

  Scene stored(UUID orderId, String key, int number, OrderStatus status, int version) {
    Wish wish = wish(key);
    orders.put(orderId, new OrderRow(orderId, OWNER, wish, key, number, DAY, status, false, true));
    requests.put(orderId, new RequestRow(orderId, "lobby", status, version, number, wish.lines()));
    alarms.add(new AlarmRow(orderId, "lobby", true, status != OrderStatus.PLACED));
    views.put(orderId, new ViewRow(orderId, "lobby", status, OWNER, number));
    if (status.isOpen()) {
      board.put(orderId, status);
    }
    firstShown.put(orderId, 500L);
    return this;
  }

  /** Changes the order's row in order-verticle. */
  Scene order(UUID customer, Wish wish, int number, boolean cancelling, boolean confirmed) {
    OrderRow row = orders.get(ORDER);
    orders.put(
        ORDER,
        new OrderRow(
            ORDER, customer, wish, row.note(), number, DAY, row.status(), cancelling, confirmed));
    return this;
  }

  Report check() {
    return new Checker(LIMIT)
        .check(
            history,
            new Truth(
                List.copyOf(orders.values()),
                List.copyOf(requests.values()),
                alarms,
                List.copyOf(views.values()),
                List.of(new Watched("board 1", "lobby", board, firstShown, feed)),
                troubles));
  }
}
