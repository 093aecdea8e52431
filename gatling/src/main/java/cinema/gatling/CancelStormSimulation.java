package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
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

  {
    Duration warmUp = Duration.ofSeconds(settings.warmupSeconds());
    Duration measured = Duration.ofSeconds(settings.seconds());
    List<Map<String, Object>> guests = Guests.letIn(settings);
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
        .protocols(Guests.protocol(settings))
        .maxDuration(warmUp.plus(measured).plusMinutes(1))
        .assertions(forAll().failedRequests().count().is(0L));
  }

  private static ChainBuilder orderAndCancel(String when) {
    return exitBlockOnFail()
        .on(
            Guests.order(when, "Storm", "orderId"),
            pause(LEAST_THOUGHT, MOST_THOUGHT),
            exec(Guests.cancel(when)));
  }
}
