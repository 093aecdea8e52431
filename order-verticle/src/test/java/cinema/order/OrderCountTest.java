package cinema.order;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.service.Answer;
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import cinema.shared.service.WebServer;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of orders, as whoever scrapes the metrics reads it. */
@Isolated("it counts what happens in this JVM")
class OrderCountTest {
  private static final AtomicReference<Supplier<Future<Answer>>> PLACE = new AtomicReference<>();

  private static Meters meters;
  private static Bench bench;
  private static WebClient http;
  private static int port;

  @BeforeAll
  static void listen() {
    meters = new Meters();
    bench = Bench.of("order");
    WebServer server = new WebServer(bench.vertx(), bench.settings());
    OrderCount count = new OrderCount(Metrics.of(bench.settings()), System::nanoTime);
    server
        .router()
        .post("/orders")
        .handler(count::begin)
        .handler(
            context -> {
              String refused = context.request().getParam("refused");
              if (refused == null) {
                context.next();
              } else {
                context.fail(Problem.of(429, refused, "No", "Not now.").thrown());
              }
            })
        .handler(WebServer.answering(count.counting(context -> PLACE.get().get())));
    port = await(server.listen()).actualPort();
    http = WebClient.create(bench.vertx());
  }

  @AfterAll
  static void close() {
    bench.close();
    meters.close();
  }

  static Stream<Arguments> whatBecomesOfOrders() {
    return Stream.of(
        Arguments.of("accepted", Future.succeededFuture(Answer.of(201, Map.of()))),
        Arguments.of("sold-out", problem(409, "sold-out")),
        Arguments.of(
            "invalid",
            Future.failedFuture(
                Problem.invalid(List.of(new Problem.FieldError("barId", "is not a bar")))
                    .thrown())),
        Arguments.of("invalid", Future.failedFuture(Problem.badRequest("no JSON").thrown())),
        Arguments.of("key-in-flight", problem(409, "in-flight")),
        Arguments.of("key-reused", problem(422, "key-reused")),
        Arguments.of("unavailable", Future.failedFuture(Problem.unavailable("full").thrown())),
        Arguments.of("unavailable", Future.failedFuture("no database")),
        Arguments.of("unknown", Future.failedFuture(Problem.unknown("who knows").thrown())));
  }

  private static Future<Answer> problem(int status, String word) {
    return Future.failedFuture(Problem.of(status, word, "No", "No.").thrown());
  }

  @ParameterizedTest
  @MethodSource("whatBecomesOfOrders")
  void every_order_counts_once(String outcome, Future<Answer> answer) {
    PLACE.set(() -> answer);
    double before = counted(outcome);
    double all = meters.value("intermission_orders_total");
    double timed = meters.value("intermission_order_acceptance_seconds_count");

    send("");

    assertThat(counted(outcome)).isEqualTo(before + 1);
    assertThat(meters.value("intermission_orders_total")).isEqualTo(all + 1);
    assertThat(meters.value("intermission_order_acceptance_seconds_count"))
        .isEqualTo(timed + (outcome.equals("accepted") ? 1 : 0));
  }

  @Test
  void who_is_turned_away_before_the_order_is_looked_at_counts_too() {
    double tooMany = counted("too-many");
    double notAllowed = counted("not-allowed");

    send("?refused=too-many");
    send("?refused=unauthorized");
    send("?refused=forbidden");

    eventually("they count", () -> counted("not-allowed") == notAllowed + 2);
    assertThat(counted("too-many")).isEqualTo(tooMany + 1);
  }

  @Test
  void an_order_counts_although_nobody_waits_for_its_answer_any_more() {
    double before = counted("accepted");
    Promise<Answer> late = Promise.promise();
    Promise<Void> begun = Promise.promise();
    PLACE.set(
        () -> {
          begun.complete();
          return late.future();
        });
    var impatient = http.post(port, "127.0.0.1", "/orders").timeout(100).send();
    await(begun.future());
    assertThat(await(impatient.map(false).otherwise(true))).isTrue();

    late.complete(Answer.of(201, Map.of()));

    eventually("it is counted", () -> counted("accepted") == before + 1);
  }

  private static void send(String query) {
    await(http.post(port, "127.0.0.1", "/orders" + query).send());
  }

  private static double counted(String outcome) {
    return meters.value("intermission_orders_total", "outcome=\"" + outcome + "\"");
  }
}
