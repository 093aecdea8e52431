package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.TRACE;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.Wire;
import cinema.shared.events.Told;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Without Kafka: staff go on with what they have. */
class SnackbarVerticleTest {
  private static SnackbarBench bench;
  private static WebClient http;

  private final String barId = bench.newBar();
  private final String token = bench.staffToken(barId);

  @BeforeAll
  static void deploy() {
    bench = new SnackbarBench();
    int port = FreePort.find();
    SnackbarVerticle verticle =
        new SnackbarVerticle(bench.settings.with(Map.of("HTTP_PORT", Integer.toString(port))));
    await(bench.vertx.deployVerticle(verticle));
    http =
        WebClient.create(
            bench.vertx, new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void it_brings_its_menu_into_an_empty_database_and_is_ready() {
    assertThat(bench.toldOfMenu("lobby")).hasSizeGreaterThan(12);
    eventually(
        "it is ready, without Kafka after a while",
        () -> await(http.get("/health/ready").send()).statusCode() == 200);
  }

  @Test
  void staff_lead_an_order_from_step_to_step_and_its_cancel_comes_too_late() {
    UUID orderId = takenIn();

    for (int i = 0; i < 2; i++) {
      HttpResponse<Buffer> started = step(orderId, "start", null);
      assertThat(started.statusCode()).isEqualTo(200);
      assertThat(started.bodyAsJsonObject().getString("status")).isEqualTo("PREPARING");
    }
    assertThat(cancel(orderId).outcome()).isEqualTo(Cancel.Outcome.TOO_LATE);
    assertThat(step(orderId, "ready", null).statusCode()).isEqualTo(200);
    assertThat(step(orderId, "hand-over", null).statusCode()).isEqualTo(200);
    assertThat(step(orderId, "undo", null).bodyAsJsonObject().getString("status"))
        .isEqualTo("READY");
  }

  @Test
  void a_step_that_is_not_allowed_is_refused_with_where_the_order_stands() {
    UUID orderId = takenIn();
    cancel(orderId);

    HttpResponse<Buffer> refused = step(orderId, "start", null);

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.bodyAsJsonObject().getString("orderStatus")).isEqualTo("CANCELLED");
    assertThat(step(UUID.randomUUID(), "start", null).statusCode()).isEqualTo(404);
  }

  @Test
  void a_rejection_needs_a_reason() {
    UUID orderId = takenIn();

    assertThat(step(orderId, "reject", new JsonObject()).statusCode()).isEqualTo(422);
    assertThat(step(orderId, "reject", new JsonObject().put("reason", "\0")).statusCode())
        .isEqualTo(422);
    assertThat(step(orderId, "reject", new JsonObject().put("reason", "no ice")).statusCode())
        .isEqualTo(200);
    assertThat(bench.standing(orderId)).isEqualTo("REJECTED 2");
  }

  @Test
  void staff_of_another_bar_find_neither_order_nor_menu() {
    UUID orderId = takenIn();
    String others = bench.staffToken(bench.newBar());
    String start = "/bars/" + barId + "/orders/" + orderId + "/start";

    assertThat(send(HttpMethod.POST, start, others, null).statusCode()).isEqualTo(404);
    assertThat(send(HttpMethod.PATCH, cola(), others, price(1)).statusCode()).isEqualTo(404);
    assertThat(bench.standing(orderId)).isEqualTo("PLACED 1");
  }

  @Test
  void a_stock_of_null_ends_the_counting_and_an_absent_one_leaves_it() {
    HttpResponse<Buffer> absent = send(HttpMethod.PATCH, cola(), token, price(2500));
    assertThat(absent.statusCode()).isEqualTo(200);
    assertThat(absent.bodyAsJsonObject().getInteger("price")).isEqualTo(2500);
    assertThat(absent.bodyAsJsonObject().getInteger("stock")).isEqualTo(10);

    JsonObject uncounted = new JsonObject().putNull("stock");
    assertThat(send(HttpMethod.PATCH, cola(), token, uncounted).statusCode()).isEqualTo(200);
    assertThat(bench.colasAt(barId)).isNull();

    assertThat(send(HttpMethod.PATCH, cola(), token, price(-1)).statusCode()).isEqualTo(422);
    String beer = "/bars/" + barId + "/menu/beer";
    assertThat(send(HttpMethod.PATCH, beer, token, price(1)).statusCode()).isEqualTo(404);
  }

  private UUID takenIn() {
    Told<OrderPlaced> order = order(barId, 1);
    await(bench.requests.takeIn(List.of(order), NOW));
    return order.event().orderId();
  }

  private Cancel.Reply cancel(UUID orderId) {
    String request =
        Wire.encode(new Cancel.Request(orderId, barId, TRACE.traceparent(), TRACE.correlationId()));
    return Wire.decode(
        await(bench.vertx.eventBus().<String>request(Cancel.ADDRESS, request)).body(),
        Cancel.Reply.class);
  }

  private HttpResponse<Buffer> step(UUID orderId, String step, JsonObject body) {
    return send(HttpMethod.POST, "/bars/" + barId + "/orders/" + orderId + "/" + step, token, body);
  }

  private String cola() {
    return "/bars/" + barId + "/menu/cola";
  }

  private static JsonObject price(int price) {
    return new JsonObject().put("price", price);
  }

  private static HttpResponse<Buffer> send(
      HttpMethod method, String path, String token, JsonObject body) {
    var request = http.request(method, path).bearerTokenAuthentication(token);
    return await(body == null ? request.send() : request.sendJsonObject(body));
  }
}
