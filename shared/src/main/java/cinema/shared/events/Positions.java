package cinema.shared.events;

import cinema.shared.contract.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a reader has come, and of which topic: a topic that was made again has other records at
 * the same offsets, so a position of the old one would pass over them. Each partition is verified
 * under its topic's id, which is committed with its offset; when in doubt it begins anew. Decision
 * 0009.
 *
 * <p>Between two polls nothing is assigned or revoked, and only there is anything decided here. A
 * batch may still be applied while the next is polled.
 */
final class Positions {
  private static final Logger LOG = LoggerFactory.getLogger(Positions.class);
  private static final int LOOK_MILLIS = 1000;
  private static final int COMMIT_MILLIS = 200;

  private final Vertx vertx;
  private final KafkaConsumer<String, String> consumer;
  private final KafkaTopics kafkaTopics;
  private final List<Topic<?>> topics;
  private final String group;

  /** By topic; the newest answer, and the one that was there when the last poll began. */
  private Map<String, String> described = Map.of();

  private Map<String, String> ids = Map.of();
  private final Set<TopicPartition> assigned = new HashSet<>();
  private final Map<TopicPartition, String> verified = new HashMap<>();

  private final Map<TopicPartition, Long> uncommitted = new HashMap<>();
  private long lastCommit;
  private boolean looking;
  private boolean failing;
  private boolean stopped;
  private long timer;

  /**
   * @param group null: whole topics are read, from their beginning, and nothing is committed
   */
  Positions(
      Vertx vertx,
      KafkaConsumer<String, String> consumer,
      KafkaTopics kafkaTopics,
      List<Topic<?>> topics,
      String group) {
    this.vertx = vertx;
    this.consumer = consumer;
    this.kafkaTopics = kafkaTopics;
    this.topics = topics;
    this.group = group;
  }

  /** Keeps looking which topics these are. */
  void start() {
    timer = vertx.setPeriodic(LOOK_MILLIS, look -> lookInPassing());
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  private void lookInPassing() {
    if (looking) {
      return;
    }
    looking = true;
    look()
        .onComplete(
            looked -> {
              looking = false;
              if (looked.failed() && !failing && !stopped) {
                LOG.warn(
                    "cannot tell whether these are the same topics: {}", looked.cause().toString());
              }
              failing = looked.failed();
            });
  }

  /** Asks Kafka which topics these are; makes those that are missing. */
  Future<Void> look() {
    return kafkaTopics.ids(topics).onSuccess(now -> described = now).mapEmpty();
  }

  /** What this process reads now. */
  Set<TopicPartition> assigned() {
    return Set.copyOf(assigned);
  }

  void assigned(Collection<TopicPartition> partitions) {
    assigned.addAll(partitions);
  }

  /** These begin at the beginning of their topics, of the ids that were last told. */
  void assignedFromBeginning(Collection<TopicPartition> partitions) {
    assigned.addAll(partitions);
    partitions.forEach(each -> verified.put(each, described.get(each.getTopic())));
  }

  void revoked(Collection<TopicPartition> partitions) {
    assigned.removeAll(partitions);
    verified.keySet().removeAll(partitions);
    uncommitted.keySet().removeAll(partitions);
  }

  /** What is polled from here on was there when these ids were. */
  void beginPoll() {
    ids = described;
  }

  /**
   * Verifies every partition that is not verified under its topic's present id: under another one
   * before, or just assigned. Where nothing is committed, the consumer may still have begun at an
   * offset that has since gone with its topic.
   *
   * @return the partitions that begin anew: their records in hand are not to be applied, for they
   *     come again, or were the lost topic's and are told again
   */
  Future<Set<TopicPartition>> verify() {
    Set<TopicPartition> changed = new HashSet<>();
    Set<TopicPartition> unknown = new HashSet<>();
    for (TopicPartition each : assigned) {
      String under = verified.get(each);
      if (!id(each).equals(under)) {
        (under == null ? unknown : changed).add(each);
      }
    }
    if (changed.isEmpty() && unknown.isEmpty()) {
      return Future.succeededFuture(Set.of());
    }
    return committedIds(unknown)
        .map(
            committed -> {
              Set<TopicPartition> anew = new HashSet<>();
              for (TopicPartition each : unknown) {
                String under = committed.get(each);
                if (under == null) {
                  anew.add(each);
                } else if (!under.equals(id(each))) {
                  changed.add(each);
                }
              }
              anew.addAll(changed);
              return anew;
            })
        .compose(anew -> beginAnew(anew, changed))
        .onSuccess(anew -> unknown.forEach(each -> verified.put(each, id(each))))
        .recover(
            failure -> {
              LOG.info("positions are not verified yet: {}", failure.toString());
              // What is known to have changed must not wait for what is not known.
              return beginAnew(changed, changed).otherwise(Set.of());
            });
  }

  private Future<Set<TopicPartition>> beginAnew(
      Set<TopicPartition> partitions, Set<TopicPartition> changed) {
    if (partitions.isEmpty()) {
      return Future.succeededFuture(Set.of());
    }
    if (!changed.isEmpty()) {
      LOG.warn(
          "{} partitions of {} are read from their beginning: the topic is another one now",
          changed.size(),
          changed.stream().map(TopicPartition::getTopic).distinct().toList());
    }
    uncommitted.keySet().removeAll(partitions);
    return consumer
        .seekToBeginning(partitions)
        .onSuccess(sought -> partitions.forEach(each -> verified.put(each, id(each))))
        .map(partitions);
  }

  /** Of each partition with a committed offset, the id of the topic that it was of. */
  private Future<Map<TopicPartition, String>> committedIds(Set<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return kafkaTopics.committedMetadata(group, partitions);
  }

  private String id(TopicPartition partition) {
    return ids.getOrDefault(partition.getTopic(), "");
  }

  /**
   * Where to go on after a batch.
   *
   * @param next the offset, by partition
   * @param ids of the topics that these are offsets of
   */
  record After(Map<TopicPartition, Long> next, Map<String, String> ids) {}

  /** Where to go on after what the last poll has brought. */
  After after(List<ConsumerRecord<String, String>> polled) {
    Map<TopicPartition, Long> next = new HashMap<>();
    polled.forEach(each -> next.put(partition(each), each.offset() + 1));
    return new After(next, ids);
  }

  static TopicPartition partition(ConsumerRecord<?, ?> of) {
    return new TopicPartition(of.topic(), of.partition());
  }

  /**
   * Notes that a batch is applied. Since it was polled its partitions may have gone to another
   * process, or their topic may have been made again: that is not noted.
   */
  void applied(After batch) {
    batch.next.forEach(
        (partition, next) -> {
          if (assigned.contains(partition)
              && Objects.equals(
                  batch.ids.get(partition.getTopic()), ids.get(partition.getTopic()))) {
            uncommitted.put(partition, next);
          }
        });
  }

  /**
   * Not after every batch: a commit costs the broker as much as the batch, and repeats are known.
   */
  Future<Void> commitNowAndThen() {
    long now = System.nanoTime() / 1_000_000;
    if (uncommitted.isEmpty() || now - lastCommit < COMMIT_MILLIS) {
      return Future.succeededFuture();
    }
    lastCommit = now;
    return commit();
  }

  /** Commits what is applied of the partitions that are verified. */
  Future<Void> commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    uncommitted.forEach(
        (partition, next) -> {
          String id = verified.get(partition);
          if (id != null) {
            offsets.put(partition, new OffsetAndMetadata(next, id));
          }
        });
    if (group == null || offsets.isEmpty()) {
      return Future.succeededFuture();
    }
    uncommitted.keySet().removeAll(offsets.keySet());
    // A refused commit (the group has moved on) means that another reads these again: no harm.
    return consumer
        .commit(offsets)
        .onFailure(failure -> LOG.info("offsets not committed: {}", failure.getMessage()))
        .otherwiseEmpty()
        .mapEmpty();
  }
}
