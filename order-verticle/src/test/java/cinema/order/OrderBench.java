package cinema.order;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;

import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.Outbox;
import cinema.shared.service.Database;
import cinema.shared.service.Metrics;
import cinema.shared.service.Schema;
import cinema.shared.service.Settings;
import cinema.shared.testing.Bench;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One process of order-verticle as far as its stores go: an event loop and a real PostgreSQL. What
 * it tells stays in the outbox, for the tests to look at.
 */
final class OrderBench implements AutoCloseable {
  final Vertx vertx;
  final Settings settings;
  final Database database;
  final Outbox<OrderEvent> outbox;
  final OrderStore store;
  final CancellingStore cancelling;
  final PlacingStore placing;

  private final Bench bench;
  private final Context loop;

  OrderBench() {
    this(Map.of());
  }

  /** With some environment variables of its own. */
  OrderBench(Map<String, String> changes) {
    this(Bench.of("order"), null, changes);
  }

  private OrderBench(Bench bench, Settings shared, Map<String, String> changes) {
    this.bench = bench;
    this.vertx = bench.vertx();
    this.settings = (shared == null ? bench.settings() : shared).with(changes);
    this.loop = vertx.getOrCreateContext();
    this.database = await(Schema.bringUpToDate(settings, "cinema/order/migrations").open(vertx));
    eventually("it is connected", this::isConnected);
    this.outbox =
        new Outbox<>(
            vertx, database, new EventPublisher(vertx, settings), Topic.ORDERS, Clock.systemUTC());
    this.outbox.stop();
    this.store = new OrderStore(database, outbox);
    this.cancelling = new CancellingStore(database, outbox);
    this.placing = new PlacingStore(database);
  }

  /** On a busy machine the first connections take longer than a request waits for one. */
  private boolean isConnected() {
    return await(
        Future.join(Stream.generate(database::ping).limit(settings.databaseConnections()).toList())
            .map(true)
            .otherwise(false));
  }

  /** Another process on the same database: its own event loop, its own connections. */
  OrderBench neighbour() {
    return new OrderBench(Bench.of("order"), settings, Map.of());
  }

  PlaceOrder placeOrder(Menu menu) {
    return new PlaceOrder(
        placing,
        outbox,
        menu,
        Metrics.of(settings),
        Clock.systemUTC(),
        vertx::timer,
        settings.timeZone());
  }

  /** The bar has agreed to a cancel that came alone. */
  Future<Void> cancel(UUID orderId, String barId, Instant now) {
    return cancelling.cancel(
        List.of(new CancellingStore.Agreed(orderId, barId, 2, Samples.TRACE)), now);
  }

  /** Calls on the event loop, as verticles do. */
  <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(
        go -> Future.<Void>succeededFuture().compose(now -> work.get()).onComplete(promise));
    return promise.future();
  }

  List<Row> rows(String sql, Object... values) {
    return await(database.execute(sql, Tuple.from(values)).map(rows -> rows.stream().toList()));
  }

  long count(String sql, Object... values) {
    return rows(sql, values).getFirst().getLong(0);
  }

  /** What the outbox has to tell of one order, the oldest first. */
  List<OrderEvent> told(UUID orderId) {
    String told =
        """
        SELECT type, event FROM outbox, unnest(types, data) AS t(type, event)
         WHERE event::jsonb ->> 'orderId' = $1 ORDER BY outbox_id
        """;
    return rows(told, orderId.toString()).stream()
        .<OrderEvent>map(
            row ->
                Wire.decode(
                    row.getString("event"), Topic.ORDERS.types().get(row.getString("type"))))
        .toList();
  }

  @Override
  public void close() {
    bench.close();
  }
}
