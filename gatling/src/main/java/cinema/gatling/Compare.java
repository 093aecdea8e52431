package cinema.gatling;

import cinema.gatling.ClosedLoop.Taken;
import cinema.gatling.Postgres.Form;
import io.netty.channel.EventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many durable orders a second the cinema takes over HTTP, beside how many PostgreSQL takes by
 * itself one at a time, on one machine that carries everything. An order counts once it stands on
 * the order view, so the clock runs until the last accepted one does.
 *
 * <p>{@code gatling/compare} starts the servers and runs this.
 */
public final class Compare {
  /** The server takes no more than a hundred; more customers than that share the services' few. */
  private static final int MOST_CONNECTIONS = 64;

  private static final Path REPORT = Path.of("target", "compare.md");
  private static final Path PLOT = Path.of("target", "compare.png");

  private final Settings settings;
  private final EventLoop loop;
  private final Postgres postgres;
  private final StringBuilder report = new StringBuilder();

  private Compare(Settings settings, EventLoop loop) {
    this.settings = settings;
    this.loop = loop;
    this.postgres = new Postgres(settings.databaseUrl(), Path.of("target", "pgbench"));
  }

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    Measurement.main((settings, loop) -> new Compare(settings, loop).run());
  }

  private boolean run() throws Exception {
    if (settings.clients().getFirst() > MOST_CONNECTIONS) {
      throw new IllegalArgumentException("CLIENTS must begin with what pgbench can have, too: 64");
    }
    say(
        "%s, %d processors, JDK %s, %d s each after %d s to warm up; orders to %s%n%n",
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        settings.seconds(),
        settings.warmupSeconds(),
        settings.ordersUrl());
    ClosedLoop closedLoop = new ClosedLoop(settings, loop);
    closedLoop.take(settings.clients().getLast(), settings.warmupSeconds());
    postgres.checkpoint();
    List<Double> transactions = new ArrayList<>();
    List<Double> statements = new ArrayList<>();
    List<Taken> curve = new ArrayList<>();
    postgres.prepare();
    say(
        "| at a time | pgbench, transaction/s | pgbench, one statement/s | orders/s until on the view"
            + " | until the last was on it, s | CPU s per 1,000 orders | refused |%n"
            + "|--:|--:|--:|--:|--:|--:|---|%n");
    // In turns, since how fast a machine is may change from minute to minute.
    for (int clients : settings.clients()) {
      if (clients <= MOST_CONNECTIONS) {
        transactions.add(postgres.perSecond(Form.TRANSACTION, clients, settings.seconds()));
        statements.add(postgres.perSecond(Form.STATEMENT, clients, settings.seconds()));
        say("| %d | %,.0f | %,.0f |", clients, transactions.getLast(), statements.getLast());
      } else {
        say("| %d | | |", clients);
      }
      Taken taken = closedLoop.take(clients, settings.seconds());
      curve.add(taken);
      say(
          " %,.0f | %.2f | %.2f | %s |%n",
          taken.perSecond(), taken.behind(), taken.costOfThousand(), taken.refusals());
    }
    postgres.cleanUp();
    summarize(transactions, statements, curve);
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report);
    Curve.draw(
        PLOT,
        settings.clients(),
        Map.of(
            "pgbench, transaction", transactions,
            "pgbench, one statement", statements,
            "orders over HTTP, on the view", curve.stream().map(Taken::perSecond).toList()));
    return true;
  }

  private void summarize(List<Double> transactions, List<Double> statements, List<Taken> curve) {
    Taken best = curve.stream().max(Comparator.comparingDouble(Taken::perSecond)).orElseThrow();
    double transaction = transactions.stream().max(Double::compare).orElseThrow();
    double statement = statements.stream().max(Double::compare).orElseThrow();
    say(
        "%nAt best %,.0f orders/s: **%.2f** times pgbench's best with the transaction (%,.0f/s),"
            + " %.2f times that with one statement (%,.0f/s).%n",
        best.perSecond(),
        best.perSecond() / transaction,
        transaction,
        best.perSecond() / statement,
        statement);
    say("%nWhere the processors' time goes then, in s per 1,000 orders:%n%n");
    say("| process | |%n|---|--:|%n%s", rows(best.costs().processes(), best.orders()));
    say(
        "%n| thread of the services | |%n|---|--:|%n%s",
        rows(best.costs().threads(), best.orders()));
  }

  private static String rows(Map<String, Double> seconds, long orders) {
    return seconds.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .filter(each -> each.getValue() * 1000 / orders >= 0.001)
        .map(
            each ->
                String.format(
                    Locale.ROOT, "| %s | %.3f |%n", each.getKey(), each.getValue() * 1000 / orders))
        .collect(Collectors.joining());
  }

  private void say(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    System.out.print(text);
    System.out.flush();
    report.append(text);
  }
}
