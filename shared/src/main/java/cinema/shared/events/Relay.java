package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.events.OutboxStore.End;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what was left behind in the outbox, from both of its ends in turn, so that what has
 * just happened does not wait behind a long backlog. What Kafka has lost comes after that, gently:
 * a day's journal at full speed would lie before everything new in Kafka itself.
 */
final class Relay<E extends Event> {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration LEFT_BEHIND = Duration.ofSeconds(1);
  private static final int RELAY_MILLIS = 500;
  static final int ROWS = 64;

  /**
   * In each round, and so twice a second: what most readers know already, and what is new must not
   * wait for it. After a long evening the replay goes on for an hour; what is newest comes first.
   */
  static final int LOST_ROWS = 32;

  private final Vertx vertx;
  private final OutboxStore<E> store;
  private final EventPublisher publisher;
  private final Topic<E> topic;
  private final Journal journal;
  private final Clock clock;

  private End first = End.NEWEST;
  private boolean relaying;
  private boolean failing;
  private boolean stopped;

  Relay(
      Vertx vertx,
      OutboxStore<E> store,
      EventPublisher publisher,
      Topic<E> topic,
      Journal journal,
      Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.publisher = publisher;
    this.topic = topic;
    this.journal = journal;
    this.clock = clock;
  }

  void start() {
    vertx.setPeriodic(RELAY_MILLIS, timer -> relay());
  }

  void stop() {
    stopped = true;
  }

  private void relay() {
    // Without a generation nothing can be marked, and all would be published again and again.
    if (!relaying && journal.generation() != Journal.UNKNOWN) {
      first = first == End.OLDEST ? other(first) : End.OLDEST;
      relay(first);
    }
  }

  private void relay(End end) {
    if (stopped) {
      return;
    }
    relaying = true;
    int rows = end == End.LOST ? LOST_ROWS : ROWS;
    var claim = new OutboxStore.Claim(end, clock.instant().minus(LEFT_BEHIND), rows);
    store
        .relay(claim, journal.generation(), events -> publisher.send(topic, events))
        .onComplete(
            more -> {
              relaying = false;
              if (more.failed() && !failing && !stopped) {
                LOG.warn(
                    "the outbox of {} is not relayed: {}", topic.name(), more.cause().toString());
              }
              failing = more.failed();
              if (more.succeeded() && end != End.LOST) {
                relay(more.result() ? other(end) : End.LOST);
              }
            });
  }

  /** What Kafka keeps of a compacted topic is what came last, so there nothing is turned round. */
  private End other(End end) {
    return end == End.OLDEST && !topic.compacted() ? End.NEWEST : End.OLDEST;
  }
}
