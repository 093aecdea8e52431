package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Forgetting;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one service has to tell: stored in the transaction that caused it, published right after the
 * commit, and relayed when that did not work. Kept for a day as a journal. The transactional outbox
 * of decision 0002.
 */
public final class Outbox<E extends Event> {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int PRUNE_ROWS = 5000;

  /** Far less than what is unmarked waits before it counts as left behind. */
  private static final int MARK_MILLIS = 100;

  /** Events on their way to Kafka from this process; past it the relay takes over. */
  private static final int MOST_IN_FLIGHT = 20_000;

  private final Vertx vertx;
  private final Database database;
  private final OutboxStore<E> store;
  private final EventPublisher publisher;
  private final Topic<E> topic;
  private final Clock clock;
  private final Journal journal;
  private final Relay<E> relay;
  private final Backlog backlog;
  private final Forgetting forgetting;

  private Function<SqlConnection, Future<List<Told<E>>>> everything;
  private int inFlight;
  private List<Sent> published = new ArrayList<>();
  private boolean marking;
  private boolean stopped;

  /** What Kafka has acknowledged, and the generation in which it was sent. */
  private record Sent(UUID outboxId, long generation) {}

  public Outbox(
      Vertx vertx, Database database, EventPublisher publisher, Topic<E> topic, Clock clock) {
    this.vertx = vertx;
    this.database = database;
    this.store = new OutboxStore<>(database, topic);
    this.publisher = publisher;
    this.topic = topic;
    this.clock = clock;
    JournalStore journalStore = new JournalStore(database, topic, this::tellLost);
    this.journal = new Journal(vertx, journalStore, publisher.kafkaTopics(), topic);
    this.relay = new Relay<>(vertx, store, publisher, topic, journal, clock);
    this.backlog = new Backlog(vertx, publisher.metrics(), topic.name(), store::backlog, clock);
    this.forgetting =
        new Forgetting(
            vertx,
            "old rows of the outbox",
            PRUNE_ROWS,
            most -> store.prune(clock.instant().minus(KEPT), most));
  }

  /**
   * For a compacted topic: what Kafka kept of it is older than the journal. So this is told when
   * Kafka has lost it, instead of the journal, whose older versions must not come after newer ones.
   *
   * @param everything the whole state; stored in the transaction that records the loss, so that it
   *     is told whichever process dies
   */
  public void whenLost(Function<SqlConnection, Future<List<Told<E>>>> everything) {
    this.everything = everything;
  }

  private Future<Integer> tellLost(SqlConnection connection) {
    return everything == null
        ? store.unmark(connection)
        : everything
            .apply(connection)
            .compose(
                events ->
                    events.isEmpty()
                        ? Future.succeededFuture(0)
                        : store.append(connection, events).map(1));
  }

  /**
   * Begins to relay what was left behind, by this process or by one that died, and to look whether
   * Kafka still has what it was given.
   */
  public void start() {
    journal.start();
    relay.start();
    backlog.start();
    forgetting.start();
  }

  /** Stops relaying; what is not published yet waits for the next process. */
  public void stop() {
    stopped = true;
    journal.stop();
    relay.stop();
    backlog.stop();
    forgetting.stop();
  }

  /** Looks whether Kafka still has what it was given, at once. */
  Future<Void> look() {
    return journal.look();
  }

  /** Counts how much is not told yet, at once. */
  Future<Void> countBacklog() {
    return backlog.count();
  }

  /**
   * One transaction whose events are stored with it and published after the commit.
   *
   * @param work gets a list to add its events to
   */
  public <T> Future<T> telling(BiFunction<SqlConnection, List<Told<E>>, Future<T>> work) {
    return telling(work, (connection, result) -> Future.succeededFuture(result));
  }

  /**
   * The same for work that goes on once its events are known.
   *
   * @param rest the last of the work, which travels to the database together with the events
   */
  public <S, T> Future<T> telling(
      BiFunction<SqlConnection, List<Told<E>>, Future<S>> work,
      BiFunction<SqlConnection, S, Future<T>> rest) {
    List<Told<E>> events = new ArrayList<>();
    UUID[] outboxId = new UUID[1];
    return database
        .transaction(
            connection ->
                work.apply(connection, events)
                    .compose(
                        result -> {
                          Future<T> done = rest.apply(connection, result);
                          Future<UUID> appended =
                              events.isEmpty()
                                  ? Future.succeededFuture()
                                  : store.append(connection, events);
                          return Future.all(done, appended)
                              .onSuccess(both -> outboxId[0] = appended.result())
                              .map(both -> done.result());
                        }))
        .onSuccess(
            committed -> {
              if (outboxId[0] != null) {
                publish(outboxId[0], events);
              }
            });
  }

  /** Stores events within a transaction of one's own; {@link #publish} them after its commit. */
  public Future<UUID> append(SqlConnection connection, List<Told<E>> events) {
    return store.append(connection, events);
  }

  /**
   * The text in the outbox's {@code traces} column, for statements that write the row themselves.
   */
  public static String encode(Trace trace) {
    return OutboxStore.encode(trace);
  }

  /**
   * Publishes what a committed transaction has stored under this id. Needs no answer: what cannot
   * be published now stays in the outbox.
   */
  public void publish(UUID outboxId, List<Told<E>> events) {
    long generation = journal.generation();
    Tracing.of(vertx)
        // What marks this row marks others, too.
        .apart(() -> send(events))
        .onSuccess(
            sent -> {
              if (generation != Journal.UNKNOWN) {
                published.add(new Sent(outboxId, generation));
                markSoon();
              }
            });
  }

  /**
   * Tells what is stored nowhere and will be asked for again anyway, if that can be done now: a
   * confirmation of what was confirmed before.
   */
  public void tellAgain(List<Told<E>> events) {
    if (!events.isEmpty()) {
      send(events);
    }
  }

  private Future<Void> send(List<Told<E>> events) {
    if (!publisher.works() || inFlight + events.size() > MOST_IN_FLIGHT || stopped) {
      return Future.failedFuture("not now");
    }
    inFlight += events.size();
    return publisher.send(topic, events).onComplete(sent -> inFlight -= events.size());
  }

  /** Many together; one mark costs as much as what it marks. */
  private void markSoon() {
    if (!marking && !published.isEmpty()) {
      marking = true;
      vertx.setTimer(MARK_MILLIS, due -> mark());
    }
  }

  /** Marks all that was published since the last mark began; never two at a time. */
  private void mark() {
    long generation = journal.generation();
    List<UUID> batch =
        published.stream()
            .filter(sent -> sent.generation == generation)
            .map(Sent::outboxId)
            .toList();
    published = new ArrayList<>();
    if (batch.isEmpty()) {
      marking = false;
      return;
    }
    store
        .mark(batch, generation)
        .onComplete(
            marked -> {
              // Not marked is published again, and its readers know it already.
              marking = false;
              markSoon();
            });
  }

  /** Forgets what has been kept for long enough, however much that is. */
  Future<Void> prune() {
    return forgetting.now();
  }
}
