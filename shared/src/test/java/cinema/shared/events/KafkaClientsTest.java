package cinema.shared.events;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.SharedServers;
import cinema.shared.service.Settings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
  private static final String BOOTSTRAP = SharedServers.kafka().bootstrap();
  private static final Settings KAFKA = Settings.of("reader", Map.of("KAFKA_BOOTSTRAP", BOOTSTRAP));

  @Test
  void a_backlog_of_one_partition_does_not_wait_for_what_comes_on_the_others() throws Exception {
    int many = 3000;
    String topic = Tale.unique("backlog");
    Map<String, Object> anywhere = Map.of("bootstrap.servers", BOOTSTRAP);
    try (Admin admin = Admin.create(anywhere)) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
      try (var producer = new KafkaProducer<String, String>(config(KafkaClients.producer(KAFKA)))) {
        for (int i = 0; i < many; i++) {
          producer.send(new ProducerRecord<>(topic, 0, "lobby", "x".repeat(700)));
        }
      }
      Map<String, Object> patient = config(KafkaClients.consumer(KAFKA));
      // For so long a fetch waits on which nothing comes; half a second by default.
      patient.put("fetch.max.wait.ms", "25000");
      int read = 0;
      var consumer = new KafkaConsumer<String, String>(patient);
      try {
        List<TopicPartition> both =
            List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        consumer.assign(both);
        consumer.seekToBeginning(both);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (read < many && System.nanoTime() < deadline) {
          read += consumer.poll(Duration.ofMillis(100)).count();
        }
      } finally {
        // Without waiting for the last fetch, on which nothing comes.
        consumer.close(Duration.ZERO);
      }
      assertThat(read).isEqualTo(many);
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  @Test
  void what_clients_count_is_not_kept_for_nobody() throws Exception {
    String service = Tale.unique("uncounted");
    Settings settings = Settings.of(service, Map.of());
    try (var consumer = new KafkaConsumer<>(config(KafkaClients.consumer(settings)))) {
      assertThat(consumer.metrics()).isNotEmpty();
      assertThat(
              ManagementFactory.getPlatformMBeanServer()
                  .queryNames(
                      new ObjectName("kafka.consumer:type=consumer-metrics,client-id=" + service),
                      null))
          .isEmpty();
    }
  }

  private static Map<String, Object> config(Map<String, String> config) {
    return new HashMap<>(config);
  }
}
