package cinema.chaos;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * An evening on which nothing breaks, against a running {@code ./run} with fresh data: what is
 * found here is wrong without any fault.
 */
public final class CalmEvening {
  private static final Duration CLEARING = Duration.ofSeconds(20);
  private static final Duration SETTLING = Duration.ofSeconds(40);
  private static final int POSTGRES_OFFSET = 10;

  private CalmEvening() {}

  /**
   * Prints what was found; ends with status 1 when that is anything.
   *
   * @param arguments the front door's port, orders per second, seconds, seed
   */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    double perSecond = Double.parseDouble(arguments[1]);
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
    Evening.Plan plan =
        new Evening.Plan(
            URI.create("http://127.0.0.1:" + port),
            "jdbc:postgresql://127.0.0.1:" + (port + POSTGRES_OFFSET) + "/postgres?user=postgres",
            ZoneId.of("Asia/Seoul"),
            List.of("lobby", "roof"),
            2,
            Customers.Manner.usual(perSecond),
            Staff.Manner.USUAL,
            Long.parseLong(arguments[3]));
    Report report;
    try (Evening evening = new Evening(plan, Pause.REAL)) {
      evening.open();
      long end = evening.now() + time.toNanos();
      evening.serve(() -> evening.now() > end);
      report = evening.settle(CLEARING, SETTLING, List.of());
      System.out.println(evening.told());
    }
    System.out.print(report);
    System.exit(report.isClean() ? 0 : 1);
  }
}
