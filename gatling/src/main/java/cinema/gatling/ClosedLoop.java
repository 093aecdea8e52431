package cinema.gatling;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * How many durable orders a second a cinema takes when each customer orders again as soon as the
 * answer is there. An order counts once it stands on the order view, so the clock runs until the
 * last accepted one does.
 */
final class ClosedLoop {
  private static final String BAR = "lobby";
  private static final int SESSIONS = 64;
  private static final int PATIENCE_SECONDS = 120;
  private static final int LOOK_MILLIS = 100;

  private final EventLoop loop;
  private final Path data;
  private final Postgres postgres;
  private final Crowd crowd;

  ClosedLoop(Settings settings, EventLoop loop) throws IOException, InterruptedException {
    this.loop = loop;
    this.data = settings.data();
    this.postgres = new Postgres(settings.databaseUrl(), Path.of("target", "pgbench"));
    try (Cinema cinema = new Cinema(settings.baseUrl())) {
      List<String> tokens = cinema.openSessions(SESSIONS);
      this.crowd = new Crowd(loop, settings.ordersUrl(), BAR, tokens, cinema.menu(BAR));
    }
  }

  /**
   * What so many customers came to.
   *
   * @param seconds until the last of the orders was on the view
   * @param behind of them, how long nobody ordered any more
   */
  record Taken(
      int clients, long orders, double seconds, double behind, Costs costs, String refusals) {
    double perSecond() {
      return orders / seconds;
    }

    /** Seconds of processor time, of all processes but the one that sends the load. */
    double costOfThousand() {
      return costs.ofProduct() * 1000 / orders;
    }
  }

  /**
   * Lets so many customers order for so long.
   *
   * @throws IOException when not all that was accepted has come to the view after two minutes
   */
  Taken take(int clients, int seconds) throws Exception {
    String from = idFrom(System.currentTimeMillis());
    Costs before = Costs.now(data);
    long start = System.nanoTime();
    onLoop(() -> crowd.start(clients));
    Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
    onLoop(crowd::stop);
    long stopped = System.nanoTime();
    while (!ask(crowd::isGone)) {
      pause(stopped);
    }
    long accepted = ask(crowd::accepted);
    while (postgres.onView(BAR, from) < accepted) {
      pause(stopped);
    }
    long end = System.nanoTime();
    Costs costs = Costs.now(data).since(before);
    return new Taken(
        clients,
        accepted,
        (end - start) / 1e9,
        (end - stopped) / 1e9,
        costs,
        ask(() -> crowd.refusals().isEmpty() ? "none" : crowd.refusals().toString()));
  }

  private static void pause(long since) throws IOException, InterruptedException {
    if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      throw new IOException("not all accepted orders are on the view");
    }
    Thread.sleep(LOOK_MILLIS);
  }

  /** The smallest id that an order can have from now on (RFC 9562 §5.7). */
  private static String idFrom(long epochMillis) {
    String time = "%012x".formatted(epochMillis);
    return time.substring(0, 8) + "-" + time.substring(8) + "-7000-8000-000000000000";
  }

  private void onLoop(Runnable work) throws Exception {
    loop.submit(work).get();
  }

  private <T> T ask(Callable<T> question) throws Exception {
    return loop.submit(question).get();
  }
}
