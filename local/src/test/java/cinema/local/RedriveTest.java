package cinema.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.servers.FreePort;
import cinema.servers.SharedServers;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** {@code ./run redrive}. */
class RedriveTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void it_says_what_it_has_sent_again_and_how_many_that_were() throws Exception {
    makeTopics();
    die("orders");
    die("menus");
    Map<String, String> environment = Map.of("KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap());

    Redrive.run(environment, null, said::add);

    assertThat(said).hasSize(3);
    assertThat(said.getFirst())
        .contains("orders-3@17", "an-event:1", "view", "sent again")
        .doesNotContain("not sent");
    assertThat(said.get(1)).contains("menus-3@17", "not sent again", "whole menu");
    assertThat(said.getLast()).isEqualTo("2 events seen to");
    said.clear();
    Redrive.run(environment, "orders", said::add);
    assertThat(said).containsExactly("0 events seen to");
  }

  @Test
  void a_topic_that_is_not_there_is_one_clear_line() {
    assertThatThrownBy(() -> Redrive.run(Map.of(), "meals", said::add))
        .isInstanceOf(CannotRun.class)
        .hasMessageContaining("no topic 'meals'")
        .hasMessageContaining("orders, order-requests, menus, alarms");
  }

  @Test
  void a_kafka_that_is_not_there_is_one_clear_line() {
    int port = FreePort.find() - 11;

    assertThatThrownBy(
            () -> Redrive.run(Map.of("PORT", Integer.toString(port)), "orders", said::add))
        .isInstanceOf(CannotRun.class)
        .hasMessageContaining("Kafka at 127.0.0.1:" + (port + 11));
  }

  private static void makeTopics() {
    try (Bench bench = Bench.withKafka("local")) {
      EventPublisher publisher =
          bench.onLoop(
              () -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
      bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of()));
      bench.onLoop(() -> publisher.send(Topic.MENUS, List.of()));
      bench.onLoop(() -> publisher.send(Topic.ALARMS, List.of()));
      bench.onLoop(() -> publisher.send(Topic.ORDER_REQUESTS, List.of()));
      bench.onLoop(publisher::close);
    }
  }

  /** As a reader would set it aside. */
  private static void die(String topic) throws Exception {
    ProducerRecord<String, String> dead = new ProducerRecord<>(topic + ".dead", "lobby", "{}");
    Map.of(
            "ce_id", "an-event:1",
            "dead_reason", "broken",
            "dead_partition", "3",
            "dead_offset", "17",
            "dead_service", "view")
        .forEach(
            (name, value) ->
                dead.headers().add(name, value.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    Map<String, Object> config = Map.of("bootstrap.servers", SharedServers.kafka().bootstrap());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(dead).get(20, TimeUnit.SECONDS);
    }
  }
}
