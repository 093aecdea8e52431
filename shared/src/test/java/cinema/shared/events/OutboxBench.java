package cinema.shared.events;

import static cinema.shared.testing.Bench.await;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Settings;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Outboxes of one service on a real PostgreSQL and a real Kafka, and an ear at one bar. */
final class OutboxBench implements AutoCloseable {
  final String bar = Tale.unique("bar");
  final Ear ear = new Ear(bar);

  /** Its clock is ahead, so that its relay takes up at once what is left behind. */
  final Outbox<OrderEvent> outbox;

  private final Bench bench = Bench.withKafka(Tale.unique("teller"));
  private final Database database = bench.database("cinema/shared/events");
  private final EventPublisher publisher =
      onLoop(() -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
  private final List<Outbox<?>> outboxes = new ArrayList<>();
  private EventReader reader;

  OutboxBench() {
    outbox = outbox(ahead(Duration.ofMinutes(1)));
  }

  Outbox<OrderEvent> outbox(Clock clock) {
    return outbox(Topic.ORDERS, clock);
  }

  <E extends Event> Outbox<E> outbox(Topic<E> topic, Clock clock) {
    Outbox<E> made = new Outbox<>(bench.vertx(), database, publisher, topic, clock);
    outboxes.add(made);
    return made;
  }

  static Clock ahead(Duration ofTheTrueTime) {
    return Clock.offset(Clock.systemUTC(), ofTheTrueTime);
  }

  Settings settings() {
    return bench.settings();
  }

  <T> T onLoop(Supplier<Future<T>> work) {
    return bench.onLoop(work);
  }

  void listen() {
    reader =
        onLoop(
            () -> {
              EventReader begun =
                  EventReader.together(
                      bench.vertx(), settings(), List.of(Topic.ORDERS), publisher, ear);
              begun.start();
              return Future.succeededFuture(begun);
            });
  }

  void tell(Told<OrderEvent> told) {
    tell(outbox, told);
  }

  void tell(Outbox<OrderEvent> by, Told<OrderEvent> told) {
    onLoop(
        () ->
            by.telling(
                (connection, events) -> {
                  events.add(told);
                  return Future.succeededFuture();
                }));
  }

  /** Stores events as one that dies before it can publish them. */
  void leave(List<Told<OrderEvent>> events) {
    onLoop(() -> database.transaction(connection -> outbox.append(connection, events)));
  }

  void start(Outbox<?> relaying) {
    onLoop(
        () -> {
          relaying.start();
          return Future.succeededFuture();
        });
  }

  /** Another process in the middle of a transaction. */
  PgConnection begin() {
    PgConnectOptions options =
        PgConnectOptions.fromUri(settings().postgresUrl())
            .addProperty("search_path", settings().schema());
    PgConnection connection = await(PgConnection.connect(bench.vertx(), options));
    await(connection.query("BEGIN").execute());
    return connection;
  }

  /**
   * @param published as SQL
   */
  void row(Instant written, String published) {
    UUID id = Ids.floor(written);
    String insert = "INSERT INTO outbox VALUES ($1, 'orders', '{}', '{}', '{}', " + published + ")";
    UUID unique =
        new UUID(id.getMostSignificantBits(), UUID.randomUUID().getLeastSignificantBits());
    execute(insert, Tuple.of(unique));
  }

  void execute(String sql) {
    await(database.execute(sql));
  }

  void execute(String sql, Tuple values) {
    await(database.execute(sql, values));
  }

  long count(String sql) {
    return await(database.execute(sql)).iterator().next().getLong(0);
  }

  @Override
  public void close() {
    onLoop(
        () -> {
          outboxes.forEach(Outbox::stop);
          return (reader == null ? Future.succeededFuture() : reader.stop())
              .compose(stopped -> publisher.close());
        });
    bench.close();
  }
}
