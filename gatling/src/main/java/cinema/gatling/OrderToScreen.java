package cinema.gatling;

import io.netty.channel.EventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Measures how long it takes from an order's acceptance until it is on the staff's screen.
 *
 * <p>Not a Gatling simulation, because Gatling cannot measure this honestly: its clock counts whole
 * milliseconds where two are the target; a WebSocket belongs to one virtual user, so that one staff
 * screen cannot time the orders of all customers; and its checks hang on a connect or a send, where
 * nobody knows yet which order to wait for. {@link OpenLoop} takes {@link System#nanoTime()} for
 * each answer and frame as it reads them, and leaves the processors to what is measured.
 *
 * <p>How late the generator was itself stands in the table, too: where that is large, so is the
 * doubt about the rest.
 *
 * <p>Exits with 1 when any order, warm-up included, was refused or not seen, or the feed had a gap.
 */
public final class OrderToScreen {
  private static final Path REPORT = Path.of("target", "order-to-screen.txt");

  private OrderToScreen() {}

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    Measurement.main(OrderToScreen::run);
  }

  private static boolean run(Settings settings, EventLoop loop) throws Exception {
    OpenLoop openLoop = new OpenLoop(settings, loop);
    String what =
        "%d orders at %d/s to %s, after %d s to warm up%n"
            .formatted(
                settings.orders(), settings.rate(), settings.ordersUrl(), settings.warmupSeconds());
    System.out.print(what);
    Stopwatch stopwatch =
        openLoop.run((long) settings.warmupSeconds() * settings.rate(), settings.orders());
    String table = stopwatch.table() + openLoop.verdict();
    boolean good = openLoop.isGood();
    openLoop.close();
    System.out.print(table);
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, Instant.now().truncatedTo(ChronoUnit.SECONDS) + "  " + what + table);
    return good;
  }
}
