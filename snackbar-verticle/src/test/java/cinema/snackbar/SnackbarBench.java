package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;

import cinema.shared.contract.Bar;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.Customer;
import cinema.shared.contract.Event;
import cinema.shared.contract.Line;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Schema;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import cinema.snackbar.OrderRequestStore.Moved;
import cinema.snackbar.OrderRequestStore.Wanted;
import cinema.snackbar.OrderRequestStore.Wish;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One process of snackbar-verticle as far as its stores go: a Vert.x and a real PostgreSQL. What it
 * tells stays in the outbox, for the tests to look at.
 */
final class SnackbarBench implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  static final Trace TRACE = Trace.of(null, "a-customer's-request");

  private static final AtomicInteger BARS = new AtomicInteger();

  final Vertx vertx;
  final Settings settings;
  final MenuStore menus;
  final OrderRequestStore requests;

  final Database database;

  private final Bench bench;

  SnackbarBench() {
    this(Bench.of("snackbar"), null);
  }

  private SnackbarBench(Bench bench, Settings shared) {
    this.bench = bench;
    this.vertx = bench.vertx();
    this.settings = shared == null ? bench.settings() : shared;
    this.database = await(Schema.bringUpToDate(settings, "cinema/snackbar/migrations").open(vertx));
    eventually("it is connected", this::isConnected);
    this.menus = new MenuStore(database, outbox(Topic.MENUS));
    this.requests = new OrderRequestStore(outbox(Topic.ORDER_REQUESTS), menus);
  }

  /** On a busy machine the first connections take longer than a request waits for one. */
  private boolean isConnected() {
    return await(
        Future.join(Stream.generate(database::ping).limit(settings.databaseConnections()).toList())
            .map(true)
            .otherwise(false));
  }

  /** Another process on the same database: its own event loop, its own connections. */
  SnackbarBench neighbour() {
    return new SnackbarBench(Bench.of("snackbar"), settings);
  }

  /** A cancel that comes alone. */
  Future<Cancel.Reply> cancel(UUID orderId, String barId) {
    return requests.cancel(List.of(new Wish(orderId, barId, TRACE)), NOW).map(List::getFirst);
  }

  /** A step that comes alone. */
  Future<Moved> move(UUID orderId, String barId, Step step) {
    return move(orderId, barId, step, null);
  }

  Future<Moved> move(UUID orderId, String barId, Step step, String reason) {
    return requests
        .move(List.of(new Wanted(orderId, barId, step, reason, TRACE)), NOW)
        .map(List::getFirst);
  }

  private <E extends Event> Outbox<E> outbox(Topic<E> topic) {
    EventPublisher publisher = new EventPublisher(vertx, settings);
    Outbox<E> outbox = new Outbox<>(vertx, database, publisher, topic, Clock.systemUTC());
    outbox.stop();
    return outbox;
  }

  /** A bar that no other test knows, which sells 10 colas and popcorn that nobody counts. */
  String newBar() {
    String barId = "bar-" + BARS.incrementAndGet();
    await(menus.add(List.of(bar(barId)), Map.of(barId, List.of(cola(), popcorn()))));
    return barId;
  }

  String staffToken(String barId) {
    return bench.staffToken(barId);
  }

  static Bar bar(String barId) {
    return new Bar(barId, "Lobby bar", Map.of("ko", "로비 스낵바"));
  }

  static MenuItem cola() {
    return new MenuItem("cola", "Cola", Map.of("ko", "콜라"), 3000, "KRW", 20, true, 10);
  }

  static MenuItem popcorn() {
    return new MenuItem("popcorn", "Popcorn", Map.of("ko", "팝콘"), 6000, "KRW", 60, true, null);
  }

  /** An order for so many colas and one popcorn. */
  static Told<OrderPlaced> order(String barId, int colas) {
    OrderPlaced placed =
        new OrderPlaced(
            Ids.next(),
            1,
            NOW,
            barId,
            UUID.randomUUID(),
            7,
            List.of(new Line("cola", "Cola", colas, 3000), new Line("popcorn", "Popcorn", 1, 6000)),
            3000 * colas + 6000,
            "KRW",
            new Customer("Minji", null),
            null,
            null,
            NOW.plusSeconds(60));
    return new Told<>(placed, TRACE);
  }

  List<Row> rows(String sql, Object... values) {
    return await(database.execute(sql, Tuple.from(values)).map(rows -> rows.stream().toList()));
  }

  /** Where an order request stands, such as {@code PREPARING 2}; null when there is none. */
  String standing(UUID orderId) {
    return rows("SELECT status || ' ' || version FROM order_request WHERE order_id = $1", orderId)
        .stream()
        .map(row -> row.getString(0))
        .findFirst()
        .orElse(null);
  }

  /** How many colas are left; null when nobody counts them. */
  Integer colasAt(String barId) {
    return rows("SELECT stock FROM menu_item WHERE bar_id = $1 AND item_id = 'cola'", barId)
        .getFirst()
        .getInteger(0);
  }

  /** What the outbox has to tell of one order request, the oldest first. */
  List<OrderRequestEvent> told(UUID orderId) {
    return told(Topic.ORDER_REQUESTS, "orderId", orderId.toString()).toList();
  }

  /** What the outbox has to tell of one bar's menu, the oldest first. */
  List<MenuEvent> toldOfMenu(String barId) {
    return told(Topic.MENUS, "barId", barId).toList();
  }

  private <E extends Event> Stream<E> told(Topic<E> topic, String field, String value) {
    String told =
        """
        SELECT type, event FROM outbox, unnest(types, data) AS t(type, event)
         WHERE topic = $1 AND event::jsonb ->> $2 = $3 ORDER BY outbox_id
        """;
    return rows(told, topic.name(), field, value).stream()
        .map(row -> Wire.decode(row.getString("event"), topic.types().get(row.getString("type"))));
  }

  @Override
  public void close() {
    bench.close();
  }
}
