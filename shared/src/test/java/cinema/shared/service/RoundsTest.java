package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Promise<Void>> begun = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void a_round_that_is_due_while_another_goes_on_is_left_out() {
    Rounds rounds = new Rounds(vertx, NEVER, this::begin);
    Future<Void> first = onLoop(rounds::now);

    await(onLoop(rounds::now));

    assertThat(begun).hasSize(1);
    begun.remove().complete();
    await(first);
  }

  @Test
  void the_next_one_comes_after_one_that_failed() {
    AtomicInteger rounds = new AtomicInteger();
    Rounds failing =
        new Rounds(
            vertx,
            Duration.ofMillis(1),
            () -> {
              if (rounds.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("thrown");
              }
              return Future.failedFuture("told");
            });

    onLoop(started(failing));

    eventually("rounds go on", () -> rounds.get() > 4);
  }

  @Test
  void none_comes_after_the_stop() {
    AtomicInteger rounds = new AtomicInteger();
    Rounds counting =
        new Rounds(
            vertx,
            Duration.ofMillis(1),
            () -> {
              rounds.incrementAndGet();
              return Future.succeededFuture();
            });
    onLoop(started(counting));
    eventually("rounds go on", () -> rounds.get() > 1);

    int before =
        await(
            onLoop(
                () -> {
                  counting.stop();
                  return Future.succeededFuture(rounds.get());
                }));

    await(vertx.timer(50).mapEmpty());
    assertThat(rounds).hasValue(before);
  }

  private Future<Void> begin() {
    Promise<Void> round = Promise.promise();
    begun.add(round);
    return round.future();
  }

  private static Supplier<Future<Void>> started(Rounds rounds) {
    return () -> {
      rounds.start();
      return Future.succeededFuture();
    };
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> what) {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(ready -> what.get().onComplete(done));
    return done.future();
  }
}
