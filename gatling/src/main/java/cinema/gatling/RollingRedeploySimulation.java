package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stopLoadGeneratorIf;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A new release on a full evening: every process is replaced, {@code ROLLS} times, while customers
 * and staff send {@code RATE} requests a second, whether answers come or not, over connections that
 * are kept and without a second try. Half of the orders are taken back, half are served.
 *
 * <p>Fails unless every request is answered as it should be, and the staff's board has no gap.
 */
public final class RollingRedeploySimulation extends Simulation {
  private static final int REQUESTS_EACH = 8;
  private static final Duration LEAST_THOUGHT = Duration.ofMillis(300);
  private static final Duration MOST_THOUGHT = Duration.ofMillis(700);

  /** Staff begin with what has been on their board for a while. */
  private static final Duration UNTIL_STARTED = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofHours(1);

  private final Settings settings = Settings.ofProcess();
  private final Duration warmUp = Duration.ofSeconds(settings.warmupSeconds());
  private final Rolling rolling = new Rolling(settings.run(), settings.rolls());
  private final List<Map<String, Object>> guests = Guests.letIn(settings);
  private final String staff = Guests.staff(settings);
  private final LastingBoard board;
  private final AtomicInteger kept = new AtomicInteger();

  {
    board = new LastingBoard(settings.baseUrl(), Guests.BAR, staff);
    double perSecond = (double) settings.rate() / REQUESTS_EACH;
    setUp(
            scenario("Warm-up")
                .feed(listFeeder(guests).random())
                .exec(visit(" (warm-up)"))
                .injectOpen(rampUsersPerSec(1).to(perSecond).during(warmUp))
                .andThen(
                    scenario("Everything is replaced")
                        .feed(listFeeder(guests).random())
                        .exec(visit(""))
                        .exec(stopLoadGeneratorIf("all is replaced", session -> rolling.isOver()))
                        .injectOpen(constantUsersPerSec(perSecond).during(LONGEST))))
        .protocols(Guests.protocol(settings))
        .assertions(forAll().failedRequests().count().is(0L));
  }

  @Override
  public void before() {
    board.start();
    rolling.startAfter(warmUp);
  }

  /** Prints what Gatling does not know, and fails when that is not as it should be. */
  @Override
  public void after() {
    board.close();
    System.out.printf(
        "%s%n%d cancels were kept, to be settled later; the board was opened %d times and has %d gaps%n",
        rolling.told(), kept.get(), board.openings(), board.gaps());
    if (!rolling.isOver() || !rolling.trouble().isEmpty() || board.gaps() > 0) {
      throw new IllegalStateException("not as it should be: " + rolling.trouble());
    }
  }

  private ChainBuilder visit(String when) {
    return exitBlockOnFail()
        .on(
            Guests.order(when, "Roll", "takenBack"),
            Guests.order(when, "Roll", "kept"),
            pause(LEAST_THOUGHT, MOST_THOUGHT),
            exec(
                http("cancel" + when)
                    .delete("/orders/#{takenBack}")
                    .header("Authorization", "Bearer #{guest}")
                    .check(status().in(200, 202).saveAs("cancelled"))),
            exec(session -> when.isEmpty() ? countKept(session) : session),
            exec(
                http("my orders" + when)
                    .get("/my-orders?limit=5")
                    .header("Authorization", "Bearer #{guest}")
                    .check(status().is(200)),
                http("alarms" + when)
                    .get("/bars/" + Guests.BAR + "/alarms?acknowledged=true")
                    .header("Authorization", "Bearer " + staff)
                    .check(status().is(200))),
            pause(UNTIL_STARTED),
            step(when, "start"),
            step(when, "ready"),
            step(when, "hand-over"));
  }

  /**
   * A cancel that the bar did not answer in time is kept and settled later: no failure, but late.
   */
  private Session countKept(Session session) {
    if (session.getInt("cancelled") == 202) {
      kept.incrementAndGet();
    }
    return session;
  }

  private ChainBuilder step(String when, String step) {
    return exec(
        http(step + when)
            .post("/bars/" + Guests.BAR + "/orders/#{kept}/" + step)
            .header("Authorization", "Bearer " + staff)
            .check(status().is(200)));
  }
}
