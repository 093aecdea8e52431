package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what was left behind in the outbox, from both of its ends in turn: after Kafka has lost
 * everything a day's journal waits there, and what has just happened must not wait behind it.
 */
final class Relay<E extends Event> {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration LEFT_BEHIND = Duration.ofSeconds(1);
  private static final int RELAY_MILLIS = 500;
  static final int ROWS = 64;

  private final Vertx vertx;
  private final OutboxStore<E> store;
  private final EventPublisher publisher;
  private final Topic<E> topic;
  private final Journal journal;
  private final Clock clock;

  private boolean newest;
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
    if (relaying || stopped || journal.generation() == Journal.UNKNOWN) {
      return;
    }
    relaying = true;
    var claim = new OutboxStore.Claim(newest, clock.instant().minus(LEFT_BEHIND), ROWS);
    // What Kafka keeps of a compacted topic is what came last.
    newest = !newest && !topic.compacted();
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
              if (more.succeeded() && more.result()) {
                relay();
              }
            });
  }
}
