package cinema.gatling;

import cinema.gatling.ClosedLoop.Taken;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a change brings: two builds run side by side and get the same load by turns, now one of them
 * and now the other, so that a machine which is fast in one minute and slow in the next is so for
 * both. Of all turns the median counts, and how far the two were apart in each turn says how much
 * of that may be chance. After each PostgreSQL cleans up, so that a build does not pay for what the
 * other has left behind; nor does it pay for its own.
 *
 * <p>{@code gatling/turns} starts both and runs this.
 */
public final class ByTurns {
  private static final Path REPORT = Path.of("target", "turns.md");

  /** Long enough for the compiler to have seen a load again that it has seen before. */
  private static final int LEAD_SECONDS = 2;

  /** One of the builds, and what its turns came to: by what was measured, one figure a turn. */
  private static final class Build {
    private final String name;
    private final Settings settings;
    private final EventLoop loop;
    private final ClosedLoop closedLoop;
    private final Postgres database;
    private final Map<String, List<Double>> turns = new LinkedHashMap<>();

    Build(String name, Settings settings, EventLoop loop) throws Exception {
      this.name = name;
      this.settings = settings;
      this.loop = loop;
      this.closedLoop = new ClosedLoop(settings, loop);
      this.database = new Postgres(settings.databaseUrl(), Path.of("target", "pgbench"));
    }

    void warmUp() throws Exception {
      ordersOnSchedule(0, settings.warmupSeconds());
      closedLoop.take(settings.clients().getLast(), settings.warmupSeconds());
    }

    private Stopwatch ordersOnSchedule(int leadSeconds, int seconds) throws Exception {
      OpenLoop openLoop = new OpenLoop(settings, loop);
      Stopwatch stopwatch =
          openLoop.run((long) leadSeconds * settings.rate(), (long) seconds * settings.rate());
      if (!openLoop.isGood()) {
        throw new IOException(name + ": " + openLoop.verdict());
      }
      openLoop.close();
      return stopwatch;
    }

    void takeTurn() throws Exception {
      Costs before = Costs.now(settings.data());
      Stopwatch stopwatch = ordersOnSchedule(LEAD_SECONDS, settings.seconds());
      double seconds = Costs.now(settings.data()).since(before).ofProduct();
      String at = settings.rate() + "/s: ";
      Figures accepted = stopwatch.toAccepted();
      note(at + "sent → 201, p50, ms", accepted.p50() / 1e6);
      note(at + "sent → 201, p99, ms", accepted.p99() / 1e6);
      Figures shown = stopwatch.toScreen();
      note(at + "201 → on the screen, p50, ms", shown.p50() / 1e6);
      note(at + "201 → on the screen, p99, ms", shown.p99() / 1e6);
      int orders = (LEAD_SECONDS + settings.seconds()) * settings.rate();
      note(at + "CPU s per 1,000 orders", seconds * 1000 / orders);
      for (int clients : settings.clients()) {
        Taken taken = closedLoop.take(clients, settings.seconds());
        note(clients + " customers: orders/s", taken.perSecond());
        note(clients + " customers: CPU s per 1,000 orders", taken.costOfThousand());
      }
      // Or autovacuum would do so during the other's turn.
      database.vacuum();
    }

    private void note(String what, double figure) {
      turns.computeIfAbsent(what, first -> new ArrayList<>()).add(figure);
    }

    String lastTurn() {
      return turns.entrySet().stream()
          .map(each -> each.getKey() + " " + figure(each.getValue().getLast()))
          .collect(Collectors.joining("; "));
    }

    double median(String what) {
      List<Double> sorted = turns.get(what).stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }

  private ByTurns() {}

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    Measurement.main(ByTurns::run);
  }

  private static boolean run(Settings settings, EventLoop loop) throws Exception {
    Build here = new Build("this build", settings, loop);
    Build other = new Build("the other", settings.ofOther(), loop);
    System.out.println("Warming up ...");
    here.warmUp();
    other.warmUp();
    List<Build> builds = new ArrayList<>(List.of(other, here));
    for (int turn = 1; turn <= settings.turns(); turn++) {
      Collections.shuffle(builds);
      for (Build build : builds) {
        build.takeTurn();
        System.out.printf("turn %d, %s: %s%n", turn, build.name, build.lastTurn());
      }
    }
    String table = table(settings, here, other);
    System.out.print(table);
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, table);
    return true;
  }

  private static String table(Settings settings, Build here, Build other) {
    String head =
        "%nMedians of %d turns of %d s each:%n%n| | the other | this build | ratio | turn by turn |%n|---|--:|--:|--:|--:|%n"
            .formatted(settings.turns(), settings.seconds());
    return here.turns.keySet().stream()
        .map(what -> row(what, other, here))
        .collect(Collectors.joining("", head, ""));
  }

  private static String row(String what, Build other, Build here) {
    double before = other.median(what);
    double now = here.median(what);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %s |%n",
        what,
        figure(before),
        figure(now),
        now / before,
        turnByTurn(other.turns.get(what), here.turns.get(what)));
  }

  /**
   * By how much the second is more than the first, turn by turn, in per cent: the mean and its
   * standard error. What is less than twice that error may well be chance.
   *
   * @param before one for each turn; not 0
   * @param now as many
   */
  static String turnByTurn(List<Double> before, List<Double> now) {
    double[] more =
        IntStream.range(0, now.size())
            .mapToDouble(turn -> 100 * (now.get(turn) / before.get(turn) - 1))
            .toArray();
    double mean = DoubleStream.of(more).average().orElseThrow();
    double squares = DoubleStream.of(more).map(each -> (each - mean) * (each - mean)).sum();
    return more.length == 1
        ? String.format(Locale.ROOT, "%+.0f %%", mean)
        : String.format(
            Locale.ROOT,
            "%+.0f ± %.0f %%",
            mean,
            Math.sqrt(squares / (more.length - 1) / more.length));
  }

  private static String figure(double figure) {
    return String.format(Locale.ROOT, figure < 100 ? "%.2f" : "%,.0f", figure);
  }
}
