package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The film is cancelled: everybody orders, and half a second later takes it back. {@code RATE}
 * orders and as many cancels a second for {@code SECONDS}, whether answers come or not, after
 * {@code WARMUP_SECONDS} that are reported by another name.
 *
 * <p>Fails unless every order is taken and every cancel is answered for certain or as kept.
 */
public final class CancelStormSimulation extends Simulation {
  private static final Duration LEAST_THOUGHT = Duration.ofMillis(300);
  private static final Duration MOST_THOUGHT = Duration.ofMillis(700);

  private final Settings settings = Settings.ofProcess();

  // Nothing but BASE_URL is ever spoken to: no redirects, no visit to gatling.io first.
  private final HttpProtocolBuilder cinema =
      http.baseUrl(settings.baseUrl().toString())
          .contentTypeHeader("application/json")
          .shareConnections()
          .disableFollowRedirect()
          .disableWarmUp();

  {
    Duration warmUp = Duration.ofSeconds(settings.warmupSeconds());
    Duration measured = Duration.ofSeconds(settings.seconds());
    List<Map<String, Object>> guests = guests();
    setUp(
            scenario("Warm-up")
                .feed(listFeeder(guests).random())
                .exec(orderAndCancel(" (warm-up)"))
                .injectOpen(rampUsersPerSec(1).to(settings.rate()).during(warmUp))
                .andThen(
                    scenario("Everybody takes it back")
                        .feed(listFeeder(guests).random())
                        .exec(orderAndCancel(""))
                        .injectOpen(constantUsersPerSec(settings.rate()).during(measured))))
        .protocols(cinema)
        .maxDuration(warmUp.plus(measured).plusMinutes(1))
        .assertions(forAll().failedRequests().count().is(0L));
  }

  private static ChainBuilder orderAndCancel(String when) {
    return exitBlockOnFail()
        .on(
            exec(
                http("order" + when)
                    .post("/orders")
                    .header("Authorization", "Bearer #{guest}")
                    .body(
                        StringBody(
                            """
                            {"barId":"lobby","lines":[{"itemId":"#{itemId}","quantity":1}],
                             "customer":{"name":"Storm"},"seat":"F12"}
                            """))
                    .check(status().is(201), jsonPath("$.orderId").saveAs("orderId"))),
            pause(LEAST_THOUGHT, MOST_THOUGHT),
            exec(
                http("cancel" + when)
                    .delete("/orders/#{orderId}")
                    .header("Authorization", "Bearer #{guest}")
                    .check(status().in(200, 202, 409))));
  }

  private List<Map<String, Object>> guests() {
    List<Map<String, Object>> guests = new ArrayList<>();
    try (Cinema door = new Cinema(settings.baseUrl())) {
      List<String> menu = door.menu("lobby");
      for (int i = 0; i < settings.sessions(); i++) {
        guests.add(Map.of("guest", door.openSession(), "itemId", menu.get(i % menu.size())));
      }
    } catch (IOException e) {
      throw new IllegalStateException("the cinema is not open", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return guests;
  }
}
