package cinema.gatling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether costs stay flat as years of orders pile up: the same calls, one after another, beside ten
 * thousand past orders, a million and ten million, which {@code past-orders.sql} makes.
 *
 * <p>{@code gatling/grow} starts the servers and runs this.
 */
public final class Growth {
  private static final String BAR = "lobby";
  private static final int TOGETHER = 250_000;

  /** So that the youngest of ten million is a month old, and the oldest a year. */
  private static final Duration AGE = Duration.ofDays(380);

  private static final Path REPORT = Path.of("target", "growth.md");

  private enum Call {
    ACCEPT("accept an order"),
    MY_ORDERS("my orders"),
    BOARD("the bar's board"),
    HISTORY("the bar's history"),
    CANCEL("cancel it");

    private final String title;

    Call(String title) {
      this.title = title;
    }
  }

  private final Settings settings;
  private final Cinema cinema;
  private final Postgres database;
  private final long start = Instant.now().minus(AGE).toEpochMilli();
  private final List<String> guests;
  private final String staff;
  private final String item;
  private long past;

  private Growth(Settings settings, Cinema cinema) throws IOException, InterruptedException {
    this.settings = settings;
    this.cinema = cinema;
    this.database = new Postgres(settings.databaseUrl(), Path.of("target", "pgbench"));
    this.staff = cinema.staffToken(BAR);
    this.item = cinema.menu(BAR).getFirst();
    this.guests = cinema.openSessions(settings.sessions());
  }

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.ofProcess();
    try (Cinema cinema = new Cinema(settings.baseUrl())) {
      new Growth(settings, cinema).run();
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("Nothing measured: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException, InterruptedException {
    System.out.printf(
        "%d of each call, one after another, after %d s to warm up%n",
        settings.orders(), settings.warmupSeconds());
    warmUp();
    List<Integer> sizes = settings.sizes();
    List<Map<Call, Figures>> measured = new ArrayList<>();
    for (int size : sizes) {
      fill(size);
      calls(settings.orders() / 4);
      measured.add(calls(settings.orders()));
    }
    String table = table(sizes, measured);
    System.out.print(table);
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, table);
  }

  private void warmUp() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.warmupSeconds());
    while (System.nanoTime() < end) {
      calls(10);
    }
  }

  private void fill(long size) throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (past < size) {
      long last = Math.min(size, past + TOGETHER);
      database.fill(past + 1, last, start);
      past = last;
      System.out.printf("%,d past orders, %.0f s%n", past, (System.nanoTime() - began) / 1e9);
    }
    database.vacuum();
  }

  /** So many of each; each order is cancelled, so that the board stays as it is. */
  private Map<Call, Figures> calls(int many) throws IOException, InterruptedException {
    Map<Call, long[]> times = new EnumMap<>(Call.class);
    for (Call call : Call.values()) {
      times.put(call, new long[many]);
    }
    for (int i = 0; i < many; i++) {
      String guest = guests.get(i % guests.size());
      String[] order = new String[1];
      for (Call call : Call.values()) {
        long began = System.nanoTime();
        switch (call) {
          case ACCEPT -> order[0] = cinema.order(BAR, item, guest);
          case MY_ORDERS -> cinema.read("/my-orders?limit=20", guest);
          case BOARD ->
              cinema.read("/bars/" + BAR + "/orders?status=PLACED,PREPARING,READY", staff);
          case HISTORY -> cinema.read("/bars/" + BAR + "/orders?status=ALL&limit=20", staff);
          case CANCEL -> cinema.cancel(order[0], guest);
        }
        times.get(call)[i] = System.nanoTime() - began;
      }
    }
    Map<Call, Figures> figures = new EnumMap<>(Call.class);
    times.forEach((call, nanos) -> figures.put(call, Figures.of(nanos)));
    return figures;
  }

  private static String table(List<Integer> sizes, List<Map<Call, Figures>> measured) {
    StringBuilder table = new StringBuilder("\n| ms, p50 / p99 |");
    sizes.forEach(size -> table.append(String.format(Locale.ROOT, " %,d past orders |", size)));
    table
        .append(" p99, last ÷ first |\n|---|")
        .append("--:|".repeat(sizes.size() + 1))
        .append('\n');
    for (Call call : Call.values()) {
      table.append("| ").append(call.title).append(" |");
      for (Map<Call, Figures> each : measured) {
        table.append(
            String.format(
                Locale.ROOT,
                " %.1f / %.1f |",
                each.get(call).p50() / 1e6,
                each.get(call).p99() / 1e6));
      }
      double ratio =
          (double) measured.getLast().get(call).p99() / measured.getFirst().get(call).p99();
      table.append(String.format(Locale.ROOT, " %.2f |%n", ratio));
    }
    return table.toString();
  }
}
