package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one service has to tell: stored in the transaction that caused it, published right after the
 * commit, and relayed when that did not work. Kept for a day as a journal. The transactional outbox
 * of decision 0002.
 */
public final class Outbox<E extends Event> {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Duration LEFT_BEHIND = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int RELAY_MILLIS = 500;
  private static final int RELAY_ROWS = 64;
  private static final int PRUNE_MILLIS = 60_000;
  private static final int PRUNE_ROWS = 5000;

  /** Events on their way to Kafka from this process; past it the relay takes over. */
  private static final int MOST_IN_FLIGHT = 20_000;

  private final Vertx vertx;
  private final Database database;
  private final OutboxStore store;
  private final EventPublisher publisher;
  private final Topic<E> topic;
  private final Clock clock;

  private int inFlight;
  private List<UUID> published = new ArrayList<>();
  private boolean marking;
  private boolean relaying;
  private boolean stopped;

  public Outbox(
      Vertx vertx, Database database, EventPublisher publisher, Topic<E> topic, Clock clock) {
    this.vertx = vertx;
    this.database = database;
    this.store = new OutboxStore(database);
    this.publisher = publisher;
    this.topic = topic;
    this.clock = clock;
  }

  /** Begins to relay what was left behind, by this process or by one that died. */
  public void start() {
    vertx.setPeriodic(RELAY_MILLIS, timer -> relay());
    vertx.setPeriodic(PRUNE_MILLIS, timer -> prune());
  }

  /** Stops relaying; what is not published yet waits for the next process. */
  public void stop() {
    stopped = true;
  }

  /**
   * One transaction whose events are stored with it and published after the commit.
   *
   * @param work gets a list to add its events to
   */
  public <T> Future<T> telling(BiFunction<SqlConnection, List<Told<E>>, Future<T>> work) {
    List<Told<E>> events = new ArrayList<>();
    UUID[] outboxId = new UUID[1];
    return database
        .transaction(
            connection ->
                work.apply(connection, events)
                    .compose(
                        result ->
                            events.isEmpty()
                                ? Future.succeededFuture(result)
                                : store
                                    .append(connection, topic, events)
                                    .onSuccess(id -> outboxId[0] = id)
                                    .map(result)))
        .onSuccess(
            committed -> {
              if (outboxId[0] != null) {
                publish(outboxId[0], events);
              }
            });
  }

  /** Stores events within a transaction of one's own; {@link #publish} them after its commit. */
  public Future<UUID> append(SqlConnection connection, List<Told<E>> events) {
    return store.append(connection, topic, events);
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
    if (!publisher.works() || inFlight + events.size() > MOST_IN_FLIGHT || stopped) {
      return;
    }
    inFlight += events.size();
    publisher
        .send(topic, events)
        .onComplete(
            sent -> {
              inFlight -= events.size();
              if (sent.succeeded()) {
                published.add(outboxId);
                mark();
              }
            });
  }

  /** Marks all that was published since the last mark began; never two at a time. */
  private void mark() {
    if (marking || published.isEmpty()) {
      return;
    }
    marking = true;
    List<UUID> batch = published;
    published = new ArrayList<>();
    store
        .mark(batch)
        .onComplete(
            marked -> {
              // Not marked is published again, and its readers know it already.
              marking = false;
              mark();
            });
  }

  /** Forgets what has been kept for long enough, however much that is. */
  Future<Void> prune() {
    return store
        .prune(clock.instant().minus(KEPT), PRUNE_ROWS)
        .compose(
            pruned -> pruned == PRUNE_ROWS && !stopped ? prune() : Future.<Void>succeededFuture())
        .onFailure(failure -> LOG.warn("outbox not pruned: {}", failure.getMessage()));
  }

  private void relay() {
    if (relaying || stopped) {
      return;
    }
    relaying = true;
    store
        .relay(
            topic,
            clock.instant().minus(LEFT_BEHIND),
            RELAY_ROWS,
            events -> publisher.send(topic, events))
        .onComplete(
            relayed -> {
              relaying = false;
              if (relayed.succeeded() && relayed.result() == RELAY_ROWS) {
                relay();
              }
            });
  }
}
