package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.WsFrameCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A chain with many counters: {@code SCREENS} boards are open while {@code RATE} customers a second
 * order for {@code SECONDS} and take it back.
 *
 * <p>Fails unless every board opens with what stands on it, hears of an order and of a removal
 * meanwhile, and every customer is served.
 */
public final class StaffBoardsSimulation extends Simulation {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration OPENING = Duration.ofSeconds(10);

  private final Settings settings = Settings.ofProcess();
  private final String staff = Guests.staff(settings);

  {
    Duration measured = Duration.ofSeconds(settings.seconds());
    List<Map<String, Object>> guests = Guests.letIn(settings);
    setUp(
            scenario("Staff watch their boards")
                .exec(watch())
                .injectOpen(rampUsers(settings.screens()).during(OPENING)),
            scenario("Customers order and take it back")
                .feed(listFeeder(guests).random())
                .exec(orderAndCancel())
                .injectOpen(
                    nothingFor(OPENING),
                    constantUsersPerSec(settings.rate()).during(measured.plus(PATIENCE))))
        .protocols(
            Guests.protocol(settings)
                .wsBaseUrl("ws://" + settings.baseUrl().getAuthority())
                .wsUnmatchedInboundMessageBufferSize(1))
        .maxDuration(OPENING.plus(measured).plus(PATIENCE).plusMinutes(1))
        .assertions(forAll().failedRequests().count().is(0L));
  }

  private ChainBuilder watch() {
    return exitBlockOnFail()
        .on(
            exec(
                ws("open a board")
                    .connect("/feed/bars/" + Guests.BAR)
                    .header("Authorization", "Bearer " + staff)
                    .await(PATIENCE)
                    .on(first("snapshot"))
                    .await(PATIENCE.plus(OPENING))
                    .on(first("order"))
                    .await(PATIENCE)
                    .on(first("removed"))),
            pause(Duration.ofSeconds(settings.seconds())),
            exec(ws("close the board").close()));
  }

  /** The next message of this type, whatever comes before it. */
  private static WsFrameCheck first(String type) {
    return ws.checkTextMessage(type)
        .matching(jsonPath("$.type").is(type))
        .check(jsonPath("$.seq").exists());
  }

  private static ChainBuilder orderAndCancel() {
    return exitBlockOnFail()
        .on(
            Guests.order("", "Boards", "orderId"),
            pause(Duration.ofMillis(500)),
            exec(Guests.cancel("")));
  }
}
