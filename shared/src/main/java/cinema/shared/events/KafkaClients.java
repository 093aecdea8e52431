package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** How this project talks to Kafka: client settings, and the topics that must be there. */
final class KafkaClients {
  private KafkaClients() {}

  /**
   * Every record acknowledged by all replicas, no waiting to fill a batch, three seconds at most.
   */
  static Map<String, String> producer(Settings settings) {
    Map<String, String> config = common(settings);
    config.put("key.serializer", StringSerializer.class.getName());
    config.put("value.serializer", StringSerializer.class.getName());
    config.put("acks", "all");
    config.put("enable.idempotence", "true");
    config.put("linger.ms", "0");
    config.put("batch.size", "65536");
    config.put("buffer.memory", "16777216");
    config.put("max.block.ms", "2000");
    config.put("request.timeout.ms", "2000");
    config.put("delivery.timeout.ms", "3000");
    return config;
  }

  /** A consumer that commits by hand and finds a dead neighbour's partitions within seconds. */
  static Map<String, String> consumer(Settings settings) {
    Map<String, String> config = common(settings);
    config.put("key.deserializer", StringDeserializer.class.getName());
    config.put("value.deserializer", StringDeserializer.class.getName());
    config.put("enable.auto.commit", "false");
    config.put("auto.offset.reset", "earliest");
    config.put("allow.auto.create.topics", "false");
    config.put("max.poll.records", "1000");
    config.put("session.timeout.ms", "6000");
    config.put("heartbeat.interval.ms", "1500");
    config.put("default.api.timeout.ms", "5000");
    // Co-partitioned topics: the same partition of each goes to the same member.
    config.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");
    return config;
  }

  private static Map<String, String> common(Settings settings) {
    Map<String, String> config = new HashMap<>();
    config.put("bootstrap.servers", settings.kafkaBootstrap());
    config.put("client.id", settings.service());
    config.put("reconnect.backoff.ms", "50");
    config.put("reconnect.backoff.max.ms", "500");
    config.put("metadata.max.age.ms", "5000");
    return config;
  }

  /** Makes the topics, and their dead-letter topics, that are not there yet. */
  static Future<Void> ensureTopics(Vertx vertx, Settings settings, Collection<Topic<?>> topics) {
    return vertx.executeBlocking(
        () -> {
          createTopics(settings, topics);
          return null;
        },
        false);
  }

  private static void createTopics(Settings settings, Collection<Topic<?>> topics)
      throws Exception {
    Map<String, Object> config = new HashMap<>(common(settings));
    config.put("request.timeout.ms", "2000");
    config.put("default.api.timeout.ms", "3000");
    try (Admin admin = Admin.create(config)) {
      var wanted = topics.stream().flatMap(topic -> described(settings, topic)).toList();
      for (var created : admin.createTopics(wanted).values().values()) {
        try {
          created.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
    }
  }

  private static Stream<NewTopic> described(Settings settings, Topic<?> topic) {
    NewTopic live =
        new NewTopic(topic.name(), settings.kafkaPartitions(), settings.kafkaReplicas());
    if (topic.compacted()) {
      live.configs(Map.of("cleanup.policy", "compact"));
    }
    NewTopic dead = new NewTopic(topic.dead(), 1, settings.kafkaReplicas());
    return List.of(live, dead).stream();
  }
}
