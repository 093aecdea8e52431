package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** What lies in Kafka, seen without our own code. */
final class Kafka {
  private Kafka() {}

  /** All records of this key, in the order of their partition. */
  static List<ConsumerRecord<String, String>> records(Settings settings, String topic, String key) {
    Map<String, Object> config = new HashMap<>(KafkaClients.consumer(settings));
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config)) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records.stream().filter(each -> key.equals(each.key())).toList();
  }

  static Map<String, String> headers(ConsumerRecord<String, String> kafkaRecord) {
    Map<String, String> headers = new HashMap<>();
    for (Header each : kafkaRecord.headers()) {
      byte[] value = each.value();
      headers.put(each.key(), value == null ? null : new String(value, StandardCharsets.UTF_8));
    }
    return headers;
  }

  /** How many records of this topic the group has committed as done, over all partitions. */
  static long committed(Settings settings, Topic<?> topic)
      throws ExecutionException, InterruptedException {
    return offsets(settings, topic).mapToLong(OffsetAndMetadata::offset).sum();
  }

  /** What stands beside the offsets that the group has committed. */
  static List<String> committedMetadata(Settings settings, Topic<?> topic)
      throws ExecutionException, InterruptedException {
    return offsets(settings, topic).map(OffsetAndMetadata::metadata).toList();
  }

  private static Stream<OffsetAndMetadata> offsets(Settings settings, Topic<?> topic)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.kafkaBootstrap()))) {
      return admin
          .listConsumerGroupOffsets(settings.service())
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(each -> each.getKey().topic().equals(topic.name()))
          .map(Map.Entry::getValue);
    }
  }
}
