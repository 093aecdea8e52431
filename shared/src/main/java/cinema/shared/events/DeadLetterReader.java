package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all topics of dead letters, in their order; each letter comes to one of a service's
 * processes, and may come again after a crash.
 */
public final class DeadLetterReader {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int PAUSE_MILLIS = 1000;
  private static final Map<String, Topic<?>> TOPICS =
      Topic.ALL.stream().collect(Collectors.toMap(Topic::dead, topic -> topic));

  private final Vertx vertx;
  private final KafkaTopics kafkaTopics;
  private final Function<List<DeadLetter>, Future<Void>> apply;
  private final KafkaConsumer<String, String> consumer;
  private final Promise<Void> ended = Promise.promise();
  private boolean started;
  private boolean stopped;

  /**
   * @param publisher of this process, which knows Kafka's topics
   * @param apply one transaction; when it fails the same letters come again
   */
  public DeadLetterReader(
      Vertx vertx,
      Settings settings,
      EventPublisher publisher,
      Function<List<DeadLetter>, Future<Void>> apply) {
    this.vertx = vertx;
    this.kafkaTopics = publisher.kafkaTopics();
    this.apply = apply;
    Map<String, String> config = KafkaClients.consumer(settings);
    // Of its own, so that a service's dead letters and its events do not rebalance each other.
    config.put("group.id", settings.service() + "-dead-letters");
    this.consumer = KafkaConsumer.create(vertx, config);
  }

  /** Begins to read as soon as Kafka can be reached, and keeps trying until then. */
  public void start() {
    kafkaTopics
        .ensure(Topic.ALL)
        .compose(made -> consumer.subscribe(Set.copyOf(TOPICS.keySet())))
        .onSuccess(
            subscribed -> {
              started = true;
              next();
            })
        .onFailure(
            failure -> {
              LOG.debug("dead letters cannot be read yet: {}", failure.toString());
              pauseBefore(this::start);
            });
  }

  /** Finishes what is in hand and leaves the group. */
  public Future<Void> stop() {
    stopped = true;
    return started ? ended.future().compose(done -> consumer.close()) : Future.succeededFuture();
  }

  private void next() {
    if (stopped) {
      ended.tryComplete();
      return;
    }
    consumer
        .poll(POLL)
        .compose(polled -> take(polled.records()))
        .onSuccess(taken -> next())
        .onFailure(
            failure -> {
              LOG.warn("dead letters cannot be read: {}", failure.toString());
              pauseBefore(this::next);
            });
  }

  private Future<Void> take(ConsumerRecords<String, String> polled) {
    List<DeadLetter> letters = new ArrayList<>();
    for (ConsumerRecord<String, String> each : polled) {
      DeadLetter letter = DeadLetter.read(TOPICS.get(each.topic()), each);
      if (letter != null) {
        letters.add(letter);
      }
    }
    return letters.isEmpty()
        ? Future.succeededFuture()
        : untilApplied(letters, true)
            .compose(applied -> consumer.commit())
            .onFailure(failure -> LOG.info("offsets not committed: {}", failure.getMessage()))
            .otherwiseEmpty();
  }

  private Future<Void> untilApplied(List<DeadLetter> letters, boolean first) {
    return apply
        .apply(letters)
        .recover(
            failure -> {
              if (stopped) {
                return Future.failedFuture(failure);
              }
              if (first) {
                LOG.warn("dead letters wait: {}", failure.toString());
              }
              return vertx.timer(PAUSE_MILLIS).compose(paused -> untilApplied(letters, false));
            });
  }

  private void pauseBefore(Runnable again) {
    if (stopped) {
      ended.tryComplete();
    } else {
      vertx.setTimer(PAUSE_MILLIS, timer -> again.run());
    }
  }
}
