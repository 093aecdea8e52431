package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.service.Metrics;
import cinema.shared.service.Rounds;
import cinema.shared.service.Settings;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How large the batches are that a service's reader applies, how old the oldest event in them, and
 * how many it is behind.
 */
final class Progress {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final String group;
  private final KafkaTopics kafkaTopics;
  private final Supplier<Set<TopicPartition>> assigned;
  private final DistributionSummary sizes;
  private final Timer delay;
  private final Rounds looks;

  /** By topic; the last answer, for any thread to read. */
  private volatile Map<String, Long> behind = Map.of();

  /**
   * @param assigned what this process reads now
   */
  Progress(
      Vertx vertx,
      Settings settings,
      Collection<Topic<?>> topics,
      KafkaTopics kafkaTopics,
      Supplier<Set<TopicPartition>> assigned) {
    this.group = settings.service();
    this.kafkaTopics = kafkaTopics;
    this.assigned = assigned;
    this.looks = new Rounds(vertx, EVERY, this::look);
    Metrics metrics = Metrics.of(settings);
    this.sizes =
        metrics.sizes(
            "intermission.batch.size", "How many are written together", "batch", "events");
    this.delay =
        metrics.timer(
            "intermission.event.delay",
            "From what happened to that it is applied, of the oldest event in each batch");
    for (Topic<?> topic : topics) {
      metrics.gauge(
          "intermission.consumer.lag",
          "Events of the partitions that this process reads that are not applied yet",
          () -> behind.getOrDefault(topic.name(), 0L),
          "topic",
          topic.name());
    }
  }

  void start() {
    looks.now();
    looks.start();
  }

  void stop() {
    looks.stop();
  }

  /** The same, and what it applies is counted. */
  Function<List<Told<? extends Event>>, Future<Void>> watching(
      Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return batch -> apply.apply(batch).onSuccess(applied -> count(batch));
  }

  private void count(List<Told<? extends Event>> batch) {
    Instant oldest = Instant.MAX;
    for (Told<? extends Event> told : batch) {
      Instant at = told.event().occurredAt();
      oldest = at.isBefore(oldest) ? at : oldest;
    }
    sizes.record(batch.size());
    delay.record(Duration.between(oldest, Instant.now()));
  }

  /** What Kafka does not tell stays as it was last known. */
  private Future<Void> look() {
    return kafkaTopics.behind(group, assigned.get()).onSuccess(told -> behind = told).mapEmpty();
  }
}
