package cinema.gatling;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Orders on a fixed schedule, whatever the answers do, so that a stall is felt by all who would
 * have ordered meanwhile and not by the one that met it; and boards that are open all the time.
 *
 * <p>One event loop carries the customers' connections and the boards.
 */
final class OpenLoop {
  /** What is not answered within so many seconds after the last order is missing. */
  private static final int PATIENCE_SECONDS = 20;

  private static final String BAR = "lobby";

  private final Settings settings;
  private final EventLoop loop;
  private final Stopwatch stopwatch;
  private final Screens screens;
  private final Customers customers;

  /** Opens the boards. */
  OpenLoop(Settings settings, EventLoop loop) throws IOException, InterruptedException {
    this.settings = settings;
    this.loop = loop;
    this.stopwatch = new Stopwatch(settings.screens());
    this.screens = new Screens(settings.screens(), stopwatch);
    try (Cinema cinema = new Cinema(settings.baseUrl())) {
      List<String> tokens = cinema.openSessions(settings.sessions());
      this.customers =
          new Customers(loop, settings.ordersUrl(), BAR, tokens, cinema.menu(BAR), stopwatch);
      screens.open(loop, settings.screensUrl(), BAR, cinema, PATIENCE_SECONDS);
    }
  }

  /**
   * One order after another when it is due, the warm-up's first, with no pause between the two;
   * then waits until they are on the boards.
   *
   * @return how long each took
   */
  Stopwatch run(long warmup, long orders) throws Exception {
    long start = System.nanoTime();
    for (long n = 0; n < warmup + orders; n++) {
      long due = start + n * TimeUnit.SECONDS.toNanos(1) / settings.rate();
      boolean counts = n >= warmup;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      loop.execute(() -> customers.order(stopwatch.start(due, counts)));
    }
    settle();
    return stopwatch;
  }

  private void settle() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!ask(this::isSettled) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private boolean isSettled() {
    boolean feedIsOver = !screens.trouble().isEmpty();
    return stopwatch.isDone() || (feedIsOver && stopwatch.unanswered() == 0);
  }

  /** Whether all orders, warm-up included, were accepted and seen, and the feed had no gap. */
  boolean isGood() throws Exception {
    return ask(
        () ->
            stopwatch.isDone()
                && stopwatch.refusals().isEmpty()
                && screens.gaps() == 0
                && screens.trouble().isEmpty());
  }

  /** In a line, what {@link #isGood} is about. */
  String verdict() throws Exception {
    return ask(
        () ->
            "all orders, warm-up included: %d not seen, %d unanswered, refused %s, gaps in the feed %d%s%n"
                .formatted(
                    stopwatch.notSeen(),
                    stopwatch.unanswered(),
                    stopwatch.refusals(),
                    screens.gaps(),
                    screens.trouble().isEmpty() ? "" : ", the feed: " + screens.trouble()));
  }

  /** Closes the boards. */
  void close() throws Exception {
    ask(
        () -> {
          screens.close();
          return null;
        });
  }

  private <T> T ask(Callable<T> question) throws Exception {
    return loop.submit(question).get();
  }
}
