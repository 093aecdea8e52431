package cinema.gatling;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long it takes from an order's acceptance until it is on the staff's screen.
 *
 * <p>Not a Gatling simulation, because Gatling cannot measure this honestly: its clock counts whole
 * milliseconds where two are the target; a WebSocket belongs to one virtual user, so that one staff
 * screen cannot time the orders of all customers; and its checks hang on a connect or a send, where
 * nobody knows yet which order to wait for. Here one event loop carries the customers' connections
 * and the screen, takes {@link System#nanoTime()} for each answer and frame as it reads them, and
 * leaves the processors to what is measured.
 *
 * <p>Orders leave on a fixed schedule whatever the answers do (an open loop), so that a stall is
 * felt by all who would have ordered meanwhile and not by the one that met it. How late the
 * generator was itself stands in the table, too: where that is large, so is the doubt about the
 * rest. What is not answered within {@value #PATIENCE_SECONDS} s after the last order is missing.
 *
 * <p>Exits with 1 when any order, warm-up included, was refused or not seen, or the feed had a gap.
 */
public final class OrderToScreen {
  private static final String BAR = "lobby";
  private static final int PATIENCE_SECONDS = 20;
  private static final Path REPORT = Path.of("target", "order-to-screen.txt");

  private final Settings settings;
  private final EventLoop loop;
  private final Stopwatch stopwatch;
  private final Screens screens;

  private OrderToScreen(Settings settings, EventLoop loop) {
    this.settings = settings;
    this.loop = loop;
    this.stopwatch = new Stopwatch(settings.screens());
    this.screens = new Screens(settings.screens(), stopwatch);
  }

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    boolean good;
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      good = new OrderToScreen(Settings.ofProcess(), loops.next()).run();
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("Nothing measured: " + e.getMessage());
      good = false;
    } finally {
      loops.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).sync();
    }
    System.exit(good ? 0 : 1);
  }

  private boolean run() throws Exception {
    URI baseUrl = settings.baseUrl();
    Customers customers;
    try (Cinema cinema = new Cinema(baseUrl)) {
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < settings.sessions(); i++) {
        tokens.add(cinema.openSession());
      }
      customers =
          new Customers(loop, settings.ordersUrl(), BAR, tokens, cinema.menu(BAR), stopwatch);
      screens.open(loop, settings.screensUrl(), BAR, cinema, PATIENCE_SECONDS);
    }
    System.out.printf(
        "%d orders at %d/s to %s, after %d s to warm up%n",
        settings.orders(), settings.rate(), settings.ordersUrl(), settings.warmupSeconds());
    send(customers);
    settle();
    boolean good = onLoop(this::report);
    onLoop(
        () -> {
          screens.close();
          return null;
        });
    return good;
  }

  /** One order after another when it is due, the warm-up's first, with no pause between the two. */
  private void send(Customers customers) {
    long warmup = (long) settings.warmupSeconds() * settings.rate();
    long all = warmup + settings.orders();
    long start = System.nanoTime();
    for (long n = 0; n < all; n++) {
      long due = start + n * TimeUnit.SECONDS.toNanos(1) / settings.rate();
      boolean counts = n >= warmup;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      loop.execute(() -> customers.order(stopwatch.start(due, counts)));
    }
  }

  private void settle() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!onLoop(this::isSettled) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private boolean isSettled() {
    boolean feedIsOver = !screens.trouble().isEmpty();
    return stopwatch.isDone() || (feedIsOver && stopwatch.unanswered() == 0);
  }

  private <T> T onLoop(Callable<T> question) throws Exception {
    return loop.submit(question).get();
  }

  private boolean report() throws IOException {
    boolean good =
        stopwatch.isDone()
            && stopwatch.refusals().isEmpty()
            && screens.gaps() == 0
            && screens.trouble().isEmpty();
    String table = stopwatch.table();
    String verdict =
        "all orders, warm-up included: %d not seen, %d unanswered, refused %s, gaps in the feed %d%s%n"
            .formatted(
                stopwatch.notSeen(),
                stopwatch.unanswered(),
                stopwatch.refusals(),
                screens.gaps(),
                screens.trouble().isEmpty() ? "" : ", the feed: " + screens.trouble());
    System.out.print(table + verdict);
    Files.createDirectories(REPORT.getParent());
    Files.writeString(
        REPORT,
        "%s  %d orders at %d/s to %s, after %d s to warm up%n%s%s"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                settings.orders(),
                settings.rate(),
                settings.ordersUrl(),
                settings.warmupSeconds(),
                table,
                verdict));
    return good;
  }
}
