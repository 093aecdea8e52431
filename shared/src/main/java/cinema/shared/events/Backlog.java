package cinema.shared.events;

import cinema.shared.service.Ids;
import cinema.shared.service.Metrics;
import cinema.shared.service.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/** How much an outbox still has to tell, and for how long the oldest of it has waited. */
final class Backlog {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /**
   * What is not published, of one topic.
   *
   * @param oldest its id says when it was written; null when there is none
   * @param rows that were never published
   * @param lost rows that Kafka had and has lost
   */
  record Rows(UUID oldest, long rows, long lost) {}

  private final Supplier<Future<Rows>> store;
  private final Clock clock;
  private final Rounds looks;

  /** The last answer, for any thread to read: while there is none, its oldest row grows older. */
  private volatile Rows last = new Rows(null, 0, 0);

  Backlog(Vertx vertx, Metrics metrics, String topic, Supplier<Future<Rows>> store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.looks = new Rounds(vertx, EVERY, this::count);
    metrics.gauge(
        "intermission.outbox.oldest.seconds",
        "For how long the oldest unpublished outbox row has waited; 0 when there is none",
        this::oldestSeconds,
        "topic",
        topic);
    metrics.gauge(
        "intermission.outbox.unpublished.rows",
        "Outbox rows that were never published",
        () -> last.rows,
        "topic",
        topic);
    metrics.gauge(
        "intermission.outbox.lost.rows",
        "Outbox rows that Kafka has lost and that wait to be told again",
        () -> last.lost,
        "topic",
        topic);
  }

  void start() {
    looks.now();
    looks.start();
  }

  void stop() {
    looks.stop();
  }

  Future<Void> count() {
    return store.get().onSuccess(rows -> last = rows).mapEmpty();
  }

  private double oldestSeconds() {
    UUID oldest = last.oldest;
    return oldest == null
        ? 0
        : Math.max(0, Duration.between(Ids.timeOf(oldest), clock.instant()).toMillis() / 1000.0);
  }
}
