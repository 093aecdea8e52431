package cinema.shared.events;

import static cinema.shared.testing.Bench.await;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Schema;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Gate;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Readers of a real Kafka, each with a name of its own, and what comes of them. */
abstract class ReaderBench {
  final String bar = Tale.unique("bar");
  final Ear ear = new Ear(bar);
  final Bench bench = Bench.withKafka(Tale.unique("reader"));
  final List<EventReader> readers = new ArrayList<>();
  EventPublisher publisher;

  @BeforeEach
  void open() {
    publisher =
        bench.onLoop(
            () -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
  }

  @AfterEach
  void close() {
    readers.forEach(this::stop);
    bench.onLoop(publisher::close);
    bench.close();
  }

  EventReader read(Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return read(publisher, apply);
  }

  EventReader read(
      EventPublisher deadLetters, Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return started(
        () ->
            EventReader.together(
                bench.vertx(), bench.settings(), List.of(Topic.ORDERS), deadLetters, apply));
  }

  EventReader whole(Topic<?> topic, Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return started(
        () -> EventReader.whole(bench.vertx(), bench.settings(), topic, publisher, apply));
  }

  EventReader started(Supplier<EventReader> make) {
    EventReader reader =
        bench.onLoop(
            () -> {
              EventReader made = make.get();
              made.start();
              return Future.succeededFuture(made);
            });
    readers.add(reader);
    return reader;
  }

  void stop(EventReader reader) {
    bench.onLoop(reader::stop);
  }

  void send(List<Told<OrderEvent>> told) {
    bench.onLoop(() -> publisher.send(Topic.ORDERS, told));
  }

  Database behind(Gate gate) {
    String url = "postgresql://postgres@127.0.0.1:" + gate.port() + "/postgres";
    return await(
        Schema.bringUpToDate(
                bench.settings().with(Map.of("POSTGRES_URL", url)), "cinema/shared/events")
            .open(bench.vertx()));
  }

  static Future<Void> store(Database database, List<Told<? extends Event>> batch) {
    if (batch.isEmpty()) {
      // Others' alone: they are not to wait for a database that a test has cut off.
      return Future.succeededFuture();
    }
    String insert = "INSERT INTO applied VALUES ($1, $2) ON CONFLICT DO NOTHING";
    List<Tuple> rows =
        batch.stream().map(told -> Tuple.of(order(told), told.event().version())).toList();
    return database.transaction(
        connection -> connection.preparedQuery(insert).executeBatch(rows).mapEmpty());
  }

  static List<UUID> applied(Database database) {
    List<UUID> applied = new ArrayList<>();
    await(database.execute("SELECT order_id FROM applied"))
        .forEach(row -> applied.add(row.getUUID(0)));
    return applied;
  }

  List<ConsumerRecord<String, String>> dead() {
    return dead(Topic.ORDERS);
  }

  /** What was set aside here; a test beside this one sets aside whatever it meets, too. */
  List<ConsumerRecord<String, String>> dead(Topic<?> topic) {
    return Kafka.records(bench.settings(), topic.dead(), bar).stream()
        .filter(each -> bench.settings().service().equals(Kafka.headers(each).get("dead_service")))
        .toList();
  }

  static UUID order(Told<?> told) {
    return UUID.fromString(told.event().subject());
  }

  static List<UUID> orders(List<? extends Told<?>> told) {
    return told.stream().map(ReaderBench::order).toList();
  }

  static List<Event> events(List<Told<OrderEvent>> told) {
    return told.stream().<Event>map(Told::event).toList();
  }
}
