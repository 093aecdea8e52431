package cinema.shared.events;

import cinema.shared.service.Settings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** How this project talks to Kafka: the settings of its clients. */
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
    // A Kafka that has lost its data numbers producers from 0 again: it would take a batch for the
    // repeat of another's and acknowledge it without storing it (decision 10).
    config.put("enable.idempotence", "false");
    // So that what is sent again does not come after what was sent later.
    config.put("max.in.flight.requests.per.connection", "1");
    config.put("linger.ms", "0");
    config.put("batch.size", "65536");
    config.put("buffer.memory", "16777216");
    config.put("max.block.ms", "2000");
    config.put("request.timeout.ms", "2000");
    config.put("delivery.timeout.ms", "3000");
    return config;
  }

  /**
   * A consumer that commits by hand and finds a dead neighbour's partitions within seconds. One
   * poll brings all that one fetch has brought: what it left would keep its partition out of the
   * next fetch, and where nothing comes on the others that takes half a second ({@code
   * fetch.max.wait.ms}), in which nobody may fetch from the same broker (decision 5). So a batch is
   * bounded by its bytes, and not by how many it is.
   */
  static Map<String, String> consumer(Settings settings) {
    Map<String, String> config = common(settings);
    config.put("key.deserializer", StringDeserializer.class.getName());
    config.put("value.deserializer", StringDeserializer.class.getName());
    config.put("enable.auto.commit", "false");
    config.put("auto.offset.reset", "earliest");
    config.put("allow.auto.create.topics", "false");
    config.put("fetch.max.bytes", "524288");
    config.put("max.poll.records", Integer.toString(Integer.MAX_VALUE));
    config.put("session.timeout.ms", "6000");
    // With the next of them a member hears that another has come, who waits for it to be ready.
    config.put("heartbeat.interval.ms", "300");
    config.put("default.api.timeout.ms", "5000");
    // Co-partitioned topics: the same partition of each goes to the same member.
    config.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");
    return config;
  }

  /** Answers within three seconds, or fails. */
  static Map<String, String> admin(Settings settings) {
    Map<String, String> config = common(settings);
    config.put("request.timeout.ms", "2000");
    config.put("default.api.timeout.ms", "3000");
    return config;
  }

  private static Map<String, String> common(Settings settings) {
    Map<String, String> config = new HashMap<>();
    config.put("bootstrap.servers", settings.kafkaBootstrap());
    config.put("client.id", settings.service());
    config.put("reconnect.backoff.ms", "50");
    config.put("reconnect.backoff.max.ms", "500");
    config.put("metadata.max.age.ms", "5000");
    // Nobody reads either, and both take a good part of a start.
    config.put("metric.reporters", "");
    config.put("auto.include.jmx.reporter", "false");
    config.put("enable.metrics.push", "false");
    return config;
  }
}
