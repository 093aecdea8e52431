package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** Work that comes again and again, never two rounds of it at a time. All on one event loop. */
public final class Rounds {
  private final Vertx vertx;
  private final Duration every;
  private final Supplier<Future<Void>> round;
  private long timer = -1;
  private boolean working;

  /**
   * @param round says itself what has gone wrong; the next one comes all the same
   */
  public Rounds(Vertx vertx, Duration every, Supplier<Future<Void>> round) {
    this.vertx = vertx;
    this.every = every;
    this.round = round;
  }

  /** The first round comes after one pause. */
  public void start() {
    timer = vertx.setPeriodic(every.toMillis(), due -> now());
  }

  /** No round begins any more by itself; one that is going on is not waited for. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** One round; completes when it is over, and at once while another is going on. */
  public Future<Void> now() {
    if (working) {
      return Future.succeededFuture();
    }
    working = true;
    return Future.succeededFuture()
        .compose(begun -> round.get())
        .onComplete(done -> working = false);
  }
}
