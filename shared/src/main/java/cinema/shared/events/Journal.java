package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that Kafka has lost what was published: the topic is another one, or shorter than it was.
 * Then a new generation begins, in which everything that the outbox still holds is published again.
 * Decision 0009.
 */
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final Duration EVERY = Duration.ofSeconds(2);

  /** No generation has this number. */
  static final long UNKNOWN = 0;

  private final JournalStore store;
  private final KafkaTopics kafkaTopics;
  private final Topic<?> topic;
  private final Rounds looks;

  private long generation = UNKNOWN;
  private boolean failing;
  private boolean stopped;

  Journal(Vertx vertx, JournalStore store, KafkaTopics kafkaTopics, Topic<?> topic) {
    this.store = store;
    this.kafkaTopics = kafkaTopics;
    this.topic = topic;
    this.looks = new Rounds(vertx, EVERY, this::lookInPassing);
  }

  void start() {
    looks.now();
    looks.start();
  }

  void stop() {
    stopped = true;
    looks.stop();
  }

  /**
   * The generation that this process believes in, or {@link #UNKNOWN}. What is sent is sent under
   * the belief of that moment: when a neighbour has noticed a loss since, the mark under the older
   * generation is refused. Otherwise what the old Kafka acknowledged just before it was lost could
   * be marked just after the neighbour has unmarked everything, and would never be told again.
   */
  long generation() {
    return generation;
  }

  private Future<Void> lookInPassing() {
    return look()
        .onComplete(
            looked -> {
              if (looked.failed() && !failing && !stopped) {
                LOG.warn(
                    "cannot tell whether Kafka still has {}: {}",
                    topic.name(),
                    looked.cause().toString());
              }
              failing = looked.failed();
            });
  }

  /** Compares Kafka with what is recorded, and records what has changed. */
  Future<Void> look() {
    // First the record, then Kafka: seen later, its ends may not be lower.
    return store
        .read()
        .compose(
            known -> {
              if (known != null) {
                generation = known.generation();
              }
              return kafkaTopics.look(topic).compose(seen -> compare(known, seen));
            });
  }

  private Future<Void> compare(JournalStore.Known known, KafkaTopics.Seen seen) {
    if (known == null) {
      return store.begin(seen).compose(begun -> believe());
    }
    if (isLost(known.seen(), seen)) {
      return store
          .renew(known, seen)
          .compose(
              rows -> {
                if (rows > 0) {
                  LOG.warn("Kafka has lost {}: {} outbox rows are told again", topic.name(), rows);
                }
                return believe();
              });
    }
    return known.seen().equals(seen) ? Future.succeededFuture() : store.advance(known, seen);
  }

  private Future<Void> believe() {
    return store.read().onSuccess(known -> generation = known.generation()).mapEmpty();
  }

  private static boolean isLost(KafkaTopics.Seen before, KafkaTopics.Seen now) {
    List<Long> ends = before.ends();
    return !before.topicId().equals(now.topicId())
        || ends.size() > now.ends().size()
        || IntStream.range(0, ends.size()).anyMatch(i -> now.ends().get(i) < ends.get(i));
  }
}
