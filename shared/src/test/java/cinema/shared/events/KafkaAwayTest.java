package cinema.shared.events;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.servers.KafkaServer;
import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.AlarmEvent.AlarmRaised;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a Kafka of their own, which is not there when the tests begin. */
class KafkaAwayTest {
  @TempDir Path directory;

  private final int port = FreePort.find();
  private final int controllerPort = FreePort.find();
  private final Bench bench = Bench.of(Tale.unique("patient"));
  private final Settings settings =
      bench.settings().with(Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:" + port));
  private final EventPublisher publisher =
      bench.onLoop(() -> Future.succeededFuture(new EventPublisher(bench.vertx(), settings)));

  @AfterEach
  void close() {
    bench.onLoop(publisher::close);
    bench.close();
  }

  @Test
  void what_was_stored_while_kafka_was_away_arrives_once_it_answers() {
    Database database = bench.database("cinema/shared/events");
    Outbox<OrderEvent> outbox =
        new Outbox<>(bench.vertx(), database, publisher, Topic.ORDERS, Clock.systemUTC());
    Ear ear = new Ear("lobby");
    EventReader reader =
        bench.onLoop(
            () ->
                Future.succeededFuture(
                    EventReader.together(
                        bench.vertx(), settings, List.of(Topic.ORDERS), publisher, ear)));
    bench.onLoop(
        () -> {
          outbox.start();
          reader.start();
          return Future.succeededFuture();
        });
    List<Told<OrderEvent>> told = Tale.of(3, "lobby");
    told.forEach(each -> tell(outbox, each));
    eventually("it is known that Kafka is away", () -> !publisher.works());
    assertThat(count(database, "IS NULL")).isEqualTo(3);

    try (KafkaServer kafka = KafkaServer.start(directory, port, controllerPort)) {
      eventually("all are heard", () -> ear.events().size() >= 3);
      assertThat(ear.events()).containsAll(told.stream().map(Told::event).toList());
      assertThat(ear.first().trace().traceId()).isEqualTo(told.getFirst().trace().traceId());
      eventually("all are marked", () -> count(database, "IS NULL") == 0);
      assertThat(publisher.works()).isTrue();
      assertThat(kafka.port()).isEqualTo(port);
      bench.onLoop(
          () -> {
            outbox.stop();
            return reader.stop();
          });
    }
  }

  @Test
  void a_publisher_makes_every_topic_that_a_new_kafka_does_not_have() {
    try (KafkaServer kafka = KafkaServer.start(directory, port, controllerPort)) {
      assertThat(kafka.port()).isEqualTo(port);
      UUID id = UUID.randomUUID();
      Told<AlarmEvent> raised =
          new Told<>(new AlarmRaised(id, 1, Instant.now(), "lobby", null), Trace.begin());
      bench.onLoop(() -> publisher.send(Topic.ORDERS, Tale.of(1, "lobby")));
      bench.onLoop(() -> publisher.send(Topic.ALARMS, List.of(raised)));
      assertThat(Kafka.records(settings, "alarms", "lobby")).hasSize(1);
      assertThat(Kafka.records(settings, "alarms.dead", "lobby")).isEmpty();
    }
  }

  @Test
  void what_is_told_later_is_not_sent_sooner() {
    try (KafkaServer kafka = KafkaServer.start(directory, port, controllerPort)) {
      assertThat(kafka.port()).isEqualTo(port);
      List<Told<OrderEvent>> told = Tale.of(100, "lobby");
      List<Future<Void>> sent = new ArrayList<>();
      // The first of them come before the topic is made, and the last of them long after.
      bench.onLoop(
          () ->
              Future.future(
                  all ->
                      bench
                          .vertx()
                          .setPeriodic(
                              1,
                              timer -> {
                                Told<OrderEvent> next = told.get(sent.size());
                                sent.add(publisher.send(Topic.ORDERS, List.of(next)));
                                if (sent.size() == told.size()) {
                                  bench.vertx().cancelTimer(timer);
                                  Future.all(sent).<Void>mapEmpty().onComplete(all);
                                }
                              })));
      assertThat(Kafka.records(settings, "orders", "lobby"))
          .extracting(each -> Kafka.headers(each).get("ce_subject"))
          .isEqualTo(told.stream().map(each -> each.event().subject()).toList());
    }
  }

  @Test
  void nobody_is_held_up_by_events_that_kafka_does_not_take() {
    ProducerRecord<String, String> record = new ProducerRecord<>("orders", "lobby", "{}");
    List<String> happened = new ArrayList<>();
    bench.onLoop(
        () -> {
          Future<Void> sent = publisher.sendAll(List.of(record));
          bench.vertx().runOnContext(next -> happened.add("somebody else's turn"));
          return sent.otherwiseEmpty().onSuccess(failed -> happened.add("given up"));
        });
    assertThat(happened).containsExactly("somebody else's turn", "given up");
  }

  private void tell(Outbox<OrderEvent> outbox, Told<OrderEvent> told) {
    bench.onLoop(
        () ->
            outbox.telling(
                (connection, events) -> {
                  events.add(told);
                  return Future.succeededFuture();
                }));
  }

  private static long count(Database database, String published) {
    String count = "SELECT count(*) FROM outbox WHERE published_at " + published;
    return Bench.await(database.execute(count)).iterator().next().getLong(0);
  }
}
