package cinema.shared.service;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Whether a service is ready, and how late its event loop is with what is due. */
final class Pulse {
  private static final Duration ASK = Duration.ofSeconds(5);
  private static final int BEAT_MILLIS = 100;

  private final Vertx vertx;
  private final Health health;
  private final LongSupplier nanoTime;
  private final Timer lateness;
  private volatile boolean ready;
  private long due;

  Pulse(Vertx vertx, Metrics metrics, Health health, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.health = health;
    this.nanoTime = nanoTime;
    this.lateness =
        metrics.timer(
            "intermission.event.loop.delay", "How late a timer of the service's event loop is");
    metrics.gauge(
        "intermission.ready",
        "Whether the service says that it is ready: 1 yes, 0 no",
        () -> ready ? 1 : 0);
    metrics.gauge(
        "intermission.draining",
        "Whether the service is on its way out: 1 yes, 0 no",
        () -> health.isDraining() ? 1 : 0);
  }

  void start() {
    Rounds rounds = new Rounds(vertx, ASK, this::ask);
    rounds.now();
    rounds.start();
    due = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
    vertx.setPeriodic(BEAT_MILLIS, timer -> beat());
  }

  private Future<Void> ask() {
    return health.isReady().otherwise(false).onSuccess(yes -> ready = yes).mapEmpty();
  }

  /** After a long stop those that were missed come at once: they are not late again. */
  void beat() {
    long now = nanoTime.getAsLong();
    lateness.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
    due = now + TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
  }
}
