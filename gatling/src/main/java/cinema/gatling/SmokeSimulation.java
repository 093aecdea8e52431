package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.doWhileDuring;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.http.action.ws.WsInboundMessage;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The sentence that everything serves, once for each of a few customers: somebody orders, staff see
 * it at once, the customer takes it back, and it leaves the board.
 *
 * <p>Small on purpose: it asks whether the product works, not how fast it is.
 */
public final class SmokeSimulation extends Simulation {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AT_MOST = Duration.ofMinutes(2);
  private static final String GONE = "staff see it leave";

  private final Settings settings = Settings.ofProcess();
  private final URI baseUrl = settings.baseUrl();

  // Nothing but BASE_URL is ever spoken to: no redirects, no visit to gatling.io first.
  private final HttpProtocolBuilder cinema =
      http.baseUrl(baseUrl.toString())
          .wsBaseUrl("ws://" + baseUrl.getAuthority())
          .wsUnmatchedInboundMessageBufferSize(10_000)
          .contentTypeHeader("application/json")
          .disableFollowRedirect()
          .disableWarmUp();

  private final ChainBuilder staffWatchTheirBoard =
      exec(
          http("staff sign in")
              .post("/dev/tokens")
              .body(StringBody("{\"role\":\"staff\",\"bars\":[\"lobby\"]}"))
              .check(jsonPath("$.token").saveAs("staff")),
          http("staff take a feed ticket")
              .post("/feed-tickets")
              .header("Authorization", "Bearer #{staff}")
              .check(status().is(201), jsonPath("$.ticket").saveAs("ticket")),
          ws("staff open the board")
              .connect("/feed/bars/lobby?ticket=#{ticket}")
              .await(PATIENCE)
              .on(
                  ws.checkTextMessage("the board as it stands")
                      .check(jsonPath("$.type").is("snapshot"))));

  private final ChainBuilder customerOrders =
      exec(
          http("customer comes in")
              .post("/sessions")
              .check(status().is(201), jsonPath("$.token").saveAs("customer")),
          http("customer looks at the menu")
              .get("/bars/lobby/menu")
              .check(
                  status().is(200),
                  jsonPath("$.items[?(@.available==true)].itemId").findRandom().saveAs("itemId")),
          http("customer orders")
              .post("/orders")
              .header("Authorization", "Bearer #{customer}")
              .header("Idempotency-Key", "#{randomUuid()}")
              .body(
                  StringBody(
                      """
                      {"barId":"lobby","lines":[{"itemId":"#{itemId}","quantity":1}],
                       "customer":{"name":"Smoke"},"seat":"F12"}
                      """))
              .check(
                  status().is(201),
                  jsonPath("$.status").is("PLACED"),
                  jsonPath("$.orderId").saveAs("orderId")));

  private final ChainBuilder customerCancels =
      exec(
          http("customer cancels")
              .delete("/orders/#{orderId}")
              .header("Authorization", "Bearer #{customer}")
              .check(status().is(200), jsonPath("$.status").is("CANCELLED")));

  {
    setUp(
            scenario("An order is placed, seen, cancelled and gone")
                .exec(
                    exitBlockOnFail()
                        .on(
                            staffWatchTheirBoard,
                            customerOrders,
                            staffSee(
                                "staff see the order", (frame, id) -> frame.shown().contains(id)),
                            customerCancels,
                            staffSee(GONE, (frame, id) -> id.equals(frame.removed()))),
                    ws("staff close the board").close())
                .injectOpen(
                    rampUsers(settings.users()).during(Duration.ofSeconds(settings.users()))))
        .protocols(cinema)
        .maxDuration(AT_MOST)
        .assertions(
            global().failedRequests().count().is(0L),
            // Nobody may have stopped half-way, either.
            details(GONE).successfulRequests().count().is((long) settings.users()));
  }

  /**
   * Waits for a frame about this customer's order, and reports it as if it were a request. Frames
   * are looked for among those that came at any time, because one may well be here before the
   * answer that names its order.
   */
  private static ChainBuilder staffSee(String what, BiPredicate<FeedFrame, String> wanted) {
    return exec(
        exec(session -> session.remove("seen").set("since", System.currentTimeMillis())),
        doWhileDuring(session -> !session.contains("seen"), PATIENCE)
            .on(
                ws.processUnmatchedMessages((frames, session) -> look(frames, session, wanted)),
                pause(Duration.ofMillis(10))),
        dummy(what, session -> session.contains("seen") ? session.getInt("seen") : 0)
            .withSuccess(session -> session.contains("seen")));
  }

  private static Session look(
      List<WsInboundMessage> frames, Session session, BiPredicate<FeedFrame, String> wanted) {
    for (WsInboundMessage message : frames) {
      if (message instanceof WsInboundMessage.Text text
          && wanted.test(FeedFrame.of(text.message()), session.getString("orderId"))) {
        long after = text.timestamp() - session.getLong("since");
        return session.set("seen", (int) Math.max(0, after));
      }
    }
    return session;
  }
}
