package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics in batches: what one poll brings is applied in one database transaction, and offsets
 * are committed after it. So an event may come again after a crash, and the one who applies it must
 * know it by its subject and version. Batches grow by themselves while there is a backlog.
 *
 * <p>An event that cannot be applied is set aside on {@code <topic>.dead}; a database that is away
 * is waited for.
 */
public final class EventReader {
  private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int LONGEST_PAUSE_MILLIS = 1000;
  private static final int LONGEST_REST_MILLIS = 60;
  private static final int REST_FOR_WORK = 20;

  /**
   * More than this at once means that there is a backlog, and no time to rest. Of 5,000 orders a
   * second 300 come while a reader rests; a fetch brings 500 events of 1 kB.
   */
  private static final int BACKLOG = 400;

  private final Vertx vertx;
  private final Settings settings;
  private final List<Topic<?>> topics;
  private final boolean whole;
  private final TakeBatch takeBatch;
  private final KafkaConsumer<String, String> consumer;

  private final Positions positions;

  /** Null for whole topics: every process begins them anew, with events of any age. */
  private final Progress progress;

  private final Promise<Void> caughtUp = Promise.promise();
  private final Promise<Void> loopEnded = Promise.promise();
  private Map<TopicPartition, Long> ends = Map.of();
  private boolean assigned;
  private boolean started;
  private boolean stopped;
  private boolean rests;

  /** The batch that was taken last; fails only when it was not applied before the stop. */
  private Future<Void> applying = Future.succeededFuture();

  private EventReader(
      Vertx vertx,
      Settings settings,
      Collection<Topic<?>> topics,
      boolean whole,
      EventPublisher deadLetters,
      Function<List<Told<? extends Event>>, Future<Void>> apply) {
    this.vertx = vertx;
    this.settings = settings;
    this.topics = List.copyOf(topics);
    this.whole = whole;
    Map<String, String> config = KafkaClients.consumer(settings);
    String group = settings.service();
    if (!whole) {
      config.put("group.id", group);
    }
    this.consumer = KafkaConsumer.create(vertx, config);
    this.positions =
        new Positions(
            vertx, consumer, deadLetters.kafkaTopics(), this.topics, whole ? null : group);
    this.progress =
        whole
            ? null
            : new Progress(
                vertx, settings, this.topics, deadLetters.kafkaTopics(), positions::assigned);
    this.takeBatch =
        new TakeBatch(
            vertx,
            settings,
            this.topics,
            deadLetters,
            progress == null ? apply : progress.watching(apply));
    this.consumer.partitionsRevokedHandler(positions::revoked);
    this.consumer.partitionsAssignedHandler(
        partitions -> {
          positions.assigned(partitions);
          assigned = true;
        });
  }

  /**
   * Reads on where this service's processes together left off; each event comes to one of them.
   *
   * @param apply one transaction; when it fails the same events come again
   */
  public static EventReader together(
      Vertx vertx,
      Settings settings,
      Collection<Topic<?>> topics,
      EventPublisher deadLetters,
      Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return new EventReader(vertx, settings, topics, false, deadLetters, apply);
  }

  /** Reads all of a compacted topic, in every process, from its beginning at each start. */
  public static EventReader whole(
      Vertx vertx,
      Settings settings,
      Topic<?> topic,
      EventPublisher deadLetters,
      Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return new EventReader(vertx, settings, List.of(topic), true, deadLetters, apply);
  }

  /**
   * Lets it rest after each batch, twenty times as long as that took: what nobody waits for costs
   * less when more of it comes together, and leaves the machine to those who wait for an answer. At
   * most 60 ms, and not while there is a backlog.
   */
  public EventReader resting() {
    rests = true;
    return this;
  }

  /** Passes over what this service does not care for, without reading what it says. */
  public EventReader without(Set<Class<? extends Event>> types) {
    takeBatch.passOver(types);
    return this;
  }

  /** Begins to read as soon as Kafka can be reached, and keeps trying until then. */
  public void start() {
    subscribe()
        .onSuccess(
            subscribed -> {
              started = true;
              positions.start();
              if (progress != null) {
                progress.start();
              }
              next();
            })
        .onFailure(
            failure -> {
              if (!stopped) {
                LOG.warn(
                    "{} cannot read {} yet: {}", settings.service(), names(), failure.toString());
                vertx.setTimer(LONGEST_PAUSE_MILLIS, timer -> start());
              }
            });
  }

  /** Whether Kafka has given this process its share; a share may be empty. */
  public boolean isAssigned() {
    return assigned;
  }

  /** Completes when everything has been applied that was there when reading began. */
  public Future<Void> caughtUp() {
    return caughtUp.future();
  }

  /** Finishes the batch in hand, commits its offsets and leaves the group. */
  public Future<Void> stop() {
    stopped = true;
    takeBatch.stop();
    Future<Void> closed =
        loopEnded
            .future()
            .compose(ended -> positions.commit())
            .otherwiseEmpty()
            .compose(committed -> consumer.close());
    // Where reading has not begun, nothing ends; should it still begin, it ends at once.
    return started ? closed : Future.succeededFuture();
  }

  private Set<String> names() {
    return topics.stream().map(Topic::name).collect(Collectors.toSet());
  }

  private Future<Void> subscribe() {
    return positions.look().compose(seen -> whole ? assignAll() : consumer.subscribe(names()));
  }

  private Future<Void> assignAll() {
    Set<TopicPartition> partitions = new HashSet<>();
    for (String name : names()) {
      for (int i = 0; i < settings.kafkaPartitions(); i++) {
        partitions.add(new TopicPartition(name, i));
      }
    }
    return consumer
        .assign(partitions)
        .compose(done -> consumer.seekToBeginning(partitions))
        .compose(done -> findEnds(partitions))
        .onSuccess(
            found -> {
              positions.assignedFromBeginning(partitions);
              assigned = true;
            });
  }

  private Future<Void> findEnds(Set<TopicPartition> partitions) {
    return consumer.endOffsets(partitions).onSuccess(offsets -> ends = offsets).mapEmpty();
  }

  private void next() {
    if (stopped) {
      positions.stop();
      if (progress != null) {
        progress.stop();
      }
      applying.onComplete(ended -> loopEnded.tryComplete());
      return;
    }
    positions.beginPoll();
    consumer
        .poll(POLL)
        .compose(polled -> verified(polled.records()))
        .compose(this::take)
        .onSuccess(this::nextAfter)
        .onFailure(
            failure -> {
              LOG.warn("{} cannot read {}: {}", settings.service(), names(), failure.toString());
              vertx.setTimer(LONGEST_PAUSE_MILLIS, timer -> next());
            });
  }

  /**
   * Takes a batch once the one before is applied. With a backlog the next is polled and read while
   * this one is with the database (decision 5).
   *
   * @return completes when the next poll may begin, with how long to rest before it
   */
  private Future<Long> take(List<ConsumerRecord<String, String>> polled) {
    long began = System.nanoTime();
    Positions.After after = positions.after(polled);
    Future<Void> before = applying;
    applying =
        takeBatch
            .take(polled, before)
            // Only now: what was not applied must not be passed over after a restart.
            .onSuccess(applied -> positions.applied(after));
    Future<Void> noted =
        applying.compose(applied -> whole ? checkCaughtUp() : positions.commitNowAndThen());
    return polled.size() > BACKLOG && !whole
        ? before.map(0L)
        : noted.map(done -> rests ? rest(polled.size(), System.nanoTime() - began) : 0);
  }

  /**
   * For how many milliseconds.
   *
   * @param records in the batch
   */
  static long rest(int records, long tookNanos) {
    return records == 0 || records > BACKLOG
        ? 0
        : Math.min(LONGEST_REST_MILLIS, TimeUnit.NANOSECONDS.toMillis(REST_FOR_WORK * tookNanos));
  }

  private void nextAfter(long restMillis) {
    if (restMillis > 0) {
      vertx.setTimer(restMillis, rested -> next());
    } else {
      next();
    }
  }

  /** Without the records of partitions that begin anew. */
  private Future<List<ConsumerRecord<String, String>>> verified(
      ConsumerRecords<String, String> polled) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    polled.forEach(records::add);
    return positions
        .verify()
        .compose(
            anew ->
                whole && !anew.isEmpty()
                    ? findEnds(ends.keySet()).otherwiseEmpty().map(anew)
                    : Future.succeededFuture(anew))
        .map(
            anew ->
                records.stream()
                    .filter(each -> !anew.contains(Positions.partition(each)))
                    .toList());
  }

  private Future<Void> checkCaughtUp() {
    if (caughtUp.future().isComplete()) {
      return Future.succeededFuture();
    }
    List<Future<Boolean>> reached = new ArrayList<>();
    ends.forEach(
        (partition, end) ->
            reached.add(consumer.position(partition).map(position -> position >= end)));
    return Future.all(reached)
        .onSuccess(
            all -> {
              if (reached.stream().allMatch(Future::result)) {
                caughtUp.tryComplete();
              }
            })
        .mapEmpty();
  }
}
