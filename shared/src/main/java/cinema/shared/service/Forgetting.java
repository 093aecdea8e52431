package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is old, once a minute: in small pieces, so that whoever needs one of its rows just
 * then waits for milliseconds, and until there is no more of it. All on one event loop.
 */
public final class Forgetting {
  private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final String what;
  private final int together;
  private final IntFunction<Future<Integer>> piece;
  private final Rounds rounds;
  private boolean stopped;

  /**
   * @param what for the log, such as {@code old keys}
   * @param together how many rows a piece has
   * @param piece forgets at most so many, and says how many it has forgotten
   */
  public Forgetting(Vertx vertx, String what, int together, IntFunction<Future<Integer>> piece) {
    this.what = what;
    this.together = together;
    this.piece = piece;
    this.rounds = new Rounds(vertx, EVERY, this::all);
  }

  public void start() {
    rounds.start();
  }

  /** The piece in hand is the last. */
  public void stop() {
    stopped = true;
    rounds.stop();
  }

  /** Completes when all that is old is forgotten, however much that is. */
  public Future<Void> now() {
    return rounds.now();
  }

  private Future<Void> all() {
    return more()
        .onFailure(failure -> LOG.warn("{} not forgotten: {}", what, failure.getMessage()));
  }

  private Future<Void> more() {
    return piece
        .apply(together)
        .compose(
            forgotten ->
                forgotten == together && !stopped ? more() : Future.<Void>succeededFuture());
  }
}
