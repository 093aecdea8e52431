package cinema.local;

import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A whole Intermission on this machine, in one process or in many. */
interface Intermission {
  /** How long a start may take. */
  int START_SECONDS = 120;

  /**
   * Returns when everything answers.
   *
   * @throws CannotStart when a person can do something about it
   */
  void start() throws Exception;

  /** Ends everything in order: what customers meet first, the servers last. */
  void stop() throws Exception;

  /** After a failed start: leaves nothing running but this JVM, which the caller ends. */
  void giveUp();

  /** What the future brings; its failure, or that it takes longer than a start may, is thrown. */
  static <T> T await(Future<T> future) throws Exception {
    return await(future.toCompletionStage().toCompletableFuture());
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new CannotStart("not ready within " + START_SECONDS + " s");
    }
  }
}
