package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The film begins in a quarter of an hour: ever more customers come, up to {@code RATE} a second
 * after {@code SECONDS}, whether answers come or not; each looks at the menu and orders.
 *
 * <p>Fails unless every request is either served, or refused with the word when to come back: more
 * than can be carried is said, not suffered.
 */
public final class RushHourSimulation extends Simulation {
  private static final String ORDER = "order";

  private final Settings settings = Settings.ofProcess();

  {
    Duration warmUp = Duration.ofSeconds(settings.warmupSeconds());
    Duration ramp = Duration.ofSeconds(settings.seconds());
    List<Map<String, Object>> guests = Guests.letIn(settings);
    setUp(
            scenario("Warm-up")
                .feed(listFeeder(guests).random())
                .exec(visit(" (warm-up)"))
                .injectOpen(rampUsersPerSec(1).to(50).during(warmUp))
                .andThen(
                    scenario("Ever more come")
                        .feed(listFeeder(guests).random())
                        .exec(visit(""))
                        .injectOpen(rampUsersPerSec(50).to(settings.rate()).during(ramp))))
        .protocols(Guests.protocol(settings))
        .maxDuration(warmUp.plus(ramp).plusMinutes(1))
        .assertions(
            forAll().failedRequests().count().is(0L),
            // It must not have refused everybody.
            details(ORDER).successfulRequests().count().gt(0L));
  }

  private static ChainBuilder visit(String when) {
    return exec(
        takenOrTold(http("menu" + when).get("/bars/" + Guests.BAR + "/menu"), 200),
        takenOrTold(
            http(ORDER + when)
                .post("/orders")
                .header("Authorization", "Bearer #{guest}")
                .header("Idempotency-Key", "#{randomUuid()}")
                .body(
                    StringBody(
                        """
                    {"barId":"%s","lines":[{"itemId":"#{itemId}","quantity":1}],
                     "customer":{"name":"Rush"}}
                    """
                            .formatted(Guests.BAR))),
            201));
  }

  private static HttpRequestActionBuilder takenOrTold(HttpRequestActionBuilder request, int taken) {
    return request
        .check(status().in(taken, 429, 503).saveAs("status"))
        .checkIf(session -> session.getInt("status") != taken)
        .then(header("Retry-After").exists());
  }
}
