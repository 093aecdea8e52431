package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What Kafka says about its topics; makes those that it does not have. Kafka gives every topic an
 * id that never comes back, so that a topic that was made again is known to be another.
 *
 * <p>Every answer comes within a few seconds, or fails.
 */
final class KafkaTopics {
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final int COMMITTED_MILLIS = 1000;
  private static final int MADE_MILLIS = 50;
  private static final int MADE_LOOKS = 20;

  private final Vertx vertx;
  private final Settings settings;
  private Future<Admin> admin;

  KafkaTopics(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /**
   * A topic as it is now.
   *
   * @param ends for each partition, the offset that its next record gets
   */
  record Seen(String topicId, List<Long> ends) {}

  /** Makes the topics, and their dead-letter topics, that are not there yet. */
  Future<Void> ensure(Collection<Topic<?>> topics) {
    List<NewTopic> wanted = topics.stream().flatMap(this::wanted).toList();
    return ask(kafka -> kafka.createTopics(wanted).values().values())
        .compose(
            answers ->
                Future.all(
                    answers.stream()
                        .map(
                            answer ->
                                future(answer)
                                    .recover(
                                        failure ->
                                            failure instanceof TopicExistsException
                                                ? Future.succeededFuture()
                                                : Future.failedFuture(failure)))
                        .toList()))
        .mapEmpty();
  }

  /** The id of each topic by its name; makes topics that are missing. */
  Future<Map<String, String>> ids(Collection<Topic<?>> topics) {
    return describe(topics)
        .map(
            described ->
                described.values().stream()
                    .collect(Collectors.toMap(TopicDescription::name, KafkaTopics::id)));
  }

  /** Makes the topic if it is missing. */
  Future<Seen> look(Topic<?> topic) {
    return describe(List.of(topic)).compose(described -> ends(described.get(topic.name())));
  }

  /** What stands beside the offset of each partition for which the group has committed one. */
  Future<Map<TopicPartition, String>> committedMetadata(
      String group, Collection<TopicPartition> partitions) {
    return committed(group, partitions.stream().map(KafkaTopics::bare).toList())
        .map(
            offsets -> {
              Map<TopicPartition, String> metadata = new HashMap<>();
              offsets.forEach(
                  (partition, offset) -> {
                    if (offset != null) {
                      metadata.put(
                          new TopicPartition(partition.topic(), partition.partition()),
                          offset.metadata());
                    }
                  });
              return metadata;
            });
  }

  /**
   * How many records of these partitions are behind what the group has committed, by topic; all
   * offsets of a partition where it has committed nothing yet.
   */
  Future<Map<String, Long>> behind(String group, Collection<TopicPartition> partitions) {
    var wanted = partitions.stream().map(KafkaTopics::bare).toList();
    if (wanted.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return ends(wanted)
        .compose(
            ends ->
                committed(group, wanted)
                    .map(
                        committed -> {
                          Map<String, Long> behind = new HashMap<>();
                          ends.forEach(
                              (partition, end) -> {
                                var offset = committed.get(partition);
                                long left = end.offset() - (offset == null ? 0 : offset.offset());
                                behind.merge(partition.topic(), Math.max(0, left), Long::sum);
                              });
                          return Map.copyOf(behind);
                        }));
  }

  private Future<Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata>> committed(
      String group, Collection<org.apache.kafka.common.TopicPartition> partitions) {
    var wanted = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
    var soon = new ListConsumerGroupOffsetsOptions().timeoutMs(COMMITTED_MILLIS);
    return ask(kafka ->
            kafka
                .listConsumerGroupOffsets(Map.of(group, wanted), soon)
                .partitionsToOffsetAndMetadata(group))
        .compose(this::future);
  }

  private static org.apache.kafka.common.TopicPartition bare(TopicPartition partition) {
    return new org.apache.kafka.common.TopicPartition(
        partition.getTopic(), partition.getPartition());
  }

  Future<Void> close() {
    return admin == null
        ? Future.succeededFuture()
        : admin.compose(
            kafka ->
                vertx.executeBlocking(
                    () -> {
                      kafka.close(CLOSE);
                      return null;
                    },
                    false));
  }

  private Future<Map<String, TopicDescription>> describe(Collection<Topic<?>> topics) {
    return described(topics)
        .recover(
            failure ->
                failure instanceof UnknownTopicOrPartitionException
                    ? ensure(topics).compose(made -> describedSoon(topics, MADE_LOOKS))
                    : Future.failedFuture(failure));
  }

  /** A topic is made by the controller; the brokers hear of it a moment later. */
  private Future<Map<String, TopicDescription>> describedSoon(
      Collection<Topic<?>> topics, int looks) {
    return described(topics)
        .recover(
            failure ->
                failure instanceof UnknownTopicOrPartitionException && looks > 1
                    ? vertx.timer(MADE_MILLIS).compose(later -> describedSoon(topics, looks - 1))
                    : Future.failedFuture(failure));
  }

  private Future<Map<String, TopicDescription>> described(Collection<Topic<?>> topics) {
    List<String> names = topics.stream().map(Topic::name).toList();
    return ask(kafka -> kafka.describeTopics(names).allTopicNames()).compose(this::future);
  }

  private Future<Seen> ends(TopicDescription topic) {
    List<org.apache.kafka.common.TopicPartition> partitions =
        IntStream.range(0, topic.partitions().size())
            .mapToObj(i -> new org.apache.kafka.common.TopicPartition(topic.name(), i))
            .toList();
    return ends(partitions)
        .map(offsets -> partitions.stream().map(each -> offsets.get(each).offset()).toList())
        .map(ends -> new Seen(id(topic), ends));
  }

  private Future<Map<org.apache.kafka.common.TopicPartition, ListOffsetsResultInfo>> ends(
      Collection<org.apache.kafka.common.TopicPartition> partitions) {
    var latest =
        partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
    return ask(kafka -> kafka.listOffsets(latest).all()).compose(this::future);
  }

  private static String id(TopicDescription topic) {
    return topic.topicId().toString();
  }

  private Stream<NewTopic> wanted(Topic<?> topic) {
    NewTopic live =
        new NewTopic(topic.name(), settings.kafkaPartitions(), settings.kafkaReplicas());
    if (topic.compacted()) {
      live.configs(Map.of("cleanup.policy", "compact"));
    }
    return Stream.of(live, new NewTopic(topic.dead(), 1, settings.kafkaReplicas()));
  }

  /** Kafka's admin client answers without blocking; only making it takes a moment. */
  private <T> Future<T> ask(Function<Admin, T> question) {
    if (admin == null || admin.failed()) {
      Map<String, Object> config = new HashMap<>(KafkaClients.admin(settings));
      admin = vertx.executeBlocking(() -> Admin.create(config), false);
    }
    return admin.map(question);
  }

  private <T> Future<T> future(KafkaFuture<T> answer) {
    return Future.fromCompletionStage(answer.toCompletionStage(), vertx.getOrCreateContext())
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure));
  }
}
