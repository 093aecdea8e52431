package cinema.shared.events;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.servers.SharedServers;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.testing.Gate;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be applied is set aside, and what is behind it flows on. */
class SetAsideTest extends ReaderBench {
  @Test
  void of_a_batch_only_the_event_that_the_database_refuses_is_set_aside() {
    Database database = bench.database("cinema/shared/events");
    List<Told<OrderEvent>> told = new ArrayList<>(Tale.of(5, bar));
    Told<OrderEvent> poison = Tale.of(bar, -1);
    told.add(3, poison);
    send(told);
    read(batch -> store(database, ear.of(batch)));

    eventually("the others are applied", () -> applied(database).size() == 5);
    told.remove(poison);
    assertThat(applied(database)).containsAll(orders(told));
    eventually("it is set aside", () -> !dead().isEmpty());
    assertThat(dead()).hasSize(1);
    ConsumerRecord<String, String> dead = dead().getFirst();
    assertThat(dead.value()).contains(poison.event().subject());
    assertThat(Kafka.headers(dead))
        .containsEntry("ce_id", poison.event().subject() + ":-1")
        .containsEntry("ce_traceparent", poison.trace().traceparent())
        .containsKeys("dead_partition", "dead_offset")
        .containsEntry("dead_service", bench.settings().service())
        .hasEntrySatisfying(
            "dead_reason", why -> assertThat(why).contains("applied_version_check"));
  }

  static Stream<Runnable> mistakes() {
    return Stream.of(
        () -> {
          throw new NullPointerException("stumbled");
        },
        () -> {
          throw new NoSuchElementException("stumbled");
        },
        () -> {
          throw new StackOverflowError("stumbled");
        });
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void an_event_over_which_its_reader_stumbles_is_set_aside(Runnable mistake) {
    List<Told<OrderEvent>> told = Tale.of(3, bar);
    send(told);
    read(
        batch -> {
          if (orders(ear.of(batch)).contains(order(told.get(1)))) {
            mistake.run();
          }
          return ear.apply(batch);
        });
    eventually(
        "the others are applied",
        () -> ear.events().equals(events(List.of(told.get(0), told.get(2)))));
    eventually("it is set aside", () -> !dead().isEmpty());
    assertThat(Kafka.headers(dead().getFirst())).containsEntry("dead_reason", "stumbled");
  }

  @Test
  void what_cannot_be_read_is_set_aside_and_what_is_behind_it_flows_on() {
    ProducerRecord<String, String> garbage = new ProducerRecord<>("orders", bar, "garbage");
    ProducerRecord<String, String> nameless = new ProducerRecord<>("orders", bar, "{}");
    nameless.headers().add("ce_type", null);
    List<Told<OrderEvent>> told = Tale.of(2, bar);
    send(told.subList(0, 1));
    bench.onLoop(() -> publisher.sendAll(List.of(garbage, nameless)));
    send(told.subList(1, 2));
    read(ear);
    eventually("the others are applied", () -> ear.events().equals(events(told)));
    eventually("both are set aside", () -> dead().size() == 2);
    assertThat(dead()).extracting(ConsumerRecord::value).containsExactly("garbage", "{}");
    assertThat(dead())
        .allSatisfy(
            each ->
                assertThat(Kafka.headers(each))
                    .hasEntrySatisfying("dead_reason", why -> assertThat(why).contains("ce_type")));
  }

  @Test
  void what_cannot_be_set_aside_yet_is_not_passed_over() {
    try (Gate gate = Gate.to(bench.vertx(), SharedServers.kafka().port())) {
      gate.cut();
      Settings away = bench.settings().with(Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:" + gate.port()));
      EventPublisher deadLetters =
          bench.onLoop(
              () ->
                  Future.succeededFuture(
                      new EventPublisher(bench.vertx(), away, publisher.kafkaTopics())));
      Told<OrderEvent> poison = Tale.of(bar);
      Told<OrderEvent> behind = Tale.of(bar);
      AtomicBoolean alone = new AtomicBoolean();
      send(List.of(poison, behind));
      read(
          deadLetters,
          batch -> {
            if (orders(ear.of(batch)).contains(order(poison))) {
              alone.set(batch.size() == 1);
              throw new IllegalArgumentException("never");
            }
            return ear.apply(batch);
          });
      eventually("it is refused alone", alone::get);
      assertThatThrownBy(() -> bench.onLoop(() -> deadLetters.send(Topic.ORDERS, List.of(behind))))
          .isInstanceOf(TimeoutException.class);
      assertThat(ear.events()).isEmpty();
      gate.open();
      eventually("what is behind it flows on", () -> ear.events().equals(List.of(behind.event())));
      assertThat(dead()).hasSize(1);
      bench.onLoop(deadLetters::close);
    }
  }
}
