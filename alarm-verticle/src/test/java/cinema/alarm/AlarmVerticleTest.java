package cinema.alarm;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.RedriveDeadLetters;
import cinema.shared.events.Told;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlarmVerticleTest {
  private static Bench bench;
  private static int port;
  private static WebClient web;
  private static EventPublisher orders;

  private final String bar = "bar-" + UUID.randomUUID();
  private final String staff = bench.staffToken(bar);

  @BeforeAll
  static void start() {
    bench = Bench.withKafka("alarm");
    port = FreePort.find();
    Settings settings = bench.settings().with(Map.of("HTTP_PORT", Integer.toString(port)));
    await(bench.vertx().deployVerticle(new AlarmVerticle(settings)));
    web = WebClient.create(bench.vertx());
    orders = new EventPublisher(bench.vertx(), bench.settings());
  }

  @AfterAll
  static void stop() {
    await(orders.close());
    bench.close();
  }

  @Test
  void a_placed_order_shows_as_an_alarm_that_names_the_customer_and_the_lines() {
    OrderPlaced order = Orders.placed(bar, "Haneul");
    JsonObject alarm = raisedFor(order);

    assertThat(alarm.getString("orderId")).isEqualTo(order.orderId().toString());
    assertThat(alarm.getString("kind")).isEqualTo("NEW_ORDER");
    assertThat(alarm.getString("customer")).isEqualTo("Haneul");
    assertThat(alarm.getString("summary")).isEqualTo("2 × Caramel popcorn, 1 × Cola");
    assertThat(alarm.getInstant("raisedAt")).isNotNull();
    assertThat(alarm.fieldNames()).doesNotContain("acknowledgedAt");
  }

  @Test
  void an_alarm_that_somebody_has_seen_to_is_no_longer_open() {
    String alarmId = raisedFor(Orders.placed(bar, "Haneul")).getString("alarmId");

    HttpResponse<Buffer> answer =
        call(HttpMethod.POST, "/bars/" + bar + "/alarms/" + alarmId + "/acknowledge", staff);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.bodyAsJsonObject().getInstant("acknowledgedAt")).isNotNull();
    assertThat(get("?acknowledged=false", staff).bodyAsJsonObject().getJsonArray("alarms"))
        .isEmpty();
    assertThat(get("?acknowledged=true", staff).bodyAsJsonObject().getJsonArray("alarms"))
        .hasSize(1);
  }

  @Test
  void alarms_are_for_the_bars_own_staff_alone() {
    assertThat(get("", staff).statusCode()).isEqualTo(200);
    assertThat(get("", bench.staffToken("elsewhere")).statusCode()).isEqualTo(404);
    assertThat(get("", bench.customerToken(UUID.randomUUID())).statusCode()).isEqualTo(403);
    assertThat(get("", null).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "acknowledged=maybe, acknowledged",
    "acknowledged=, acknowledged",
    "limit=0, limit",
    "limit=201, limit",
    "limit=many, limit"
  })
  void a_bad_query_parameter_is_named(String query, String field) {
    HttpResponse<Buffer> answer = get("?" + query, staff);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0).getString("field"))
        .isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({"not-a-uuid", "019aa29d-df47-7e02-b1c8-3f0d5a6b7c8d"})
  void an_alarm_that_is_not_there_is_not_found(String alarmId) {
    String path = "/bars/" + bar + "/alarms/" + alarmId + "/acknowledge";

    assertThat(call(HttpMethod.POST, path, staff).statusCode()).isEqualTo(404);
  }

  @Test
  void an_order_that_cannot_be_applied_is_an_alarm_for_ops_until_it_is_redriven() {
    // PostgreSQL stores no NUL.
    OrderPlaced poison = Orders.placed(bar, "Ha\0neul");
    await(orders.send(Topic.ORDERS, List.of(new Told<>(poison, Trace.begin()))));
    eventually("ops are alarmed", () -> opsAlarmsOf(poison).size() == 1);
    JsonObject alarm = opsAlarmsOf(poison).getFirst();
    assertThat(alarm.getString("topic")).isEqualTo("orders");
    assertThat(alarm.getString("service")).isEqualTo("alarm");
    assertThat(alarm.getString("reason")).contains("0x00");

    try (RedriveDeadLetters redrive =
        new RedriveDeadLetters(
            Settings.of("redrive", Map.of("KAFKA_BOOTSTRAP", bench.settings().kafkaBootstrap())))) {
      redrive.redrive(Topic.ORDERS, letter -> {});
    }

    // Nothing was mended, so it dies again, elsewhere.
    eventually(
        "the one alarm is settled and another raised",
        () ->
            opsAlarmsOf(poison).size() == 1
                && !opsAlarmsOf(poison)
                    .getFirst()
                    .getLong("offset")
                    .equals(alarm.getLong("offset")));
  }

  private static List<JsonObject> opsAlarmsOf(OrderPlaced order) {
    return call(HttpMethod.GET, "/ops/alarms", null)
        .bodyAsJsonObject()
        .getJsonArray("alarms")
        .stream()
        .map(JsonObject.class::cast)
        .filter(alarm -> alarm.getString("event").startsWith(order.orderId().toString()))
        .toList();
  }

  private JsonObject raisedFor(OrderPlaced order) {
    await(orders.send(Topic.ORDERS, List.of(new Told<>(order, Trace.begin()))));
    eventually(
        "an alarm for " + order.orderId(),
        () ->
            !get("?acknowledged=false", staff).bodyAsJsonObject().getJsonArray("alarms").isEmpty());
    return get("", staff).bodyAsJsonObject().getJsonArray("alarms").getJsonObject(0);
  }

  private HttpResponse<Buffer> get(String query, String token) {
    return call(HttpMethod.GET, "/bars/" + bar + "/alarms" + query, token);
  }

  private static HttpResponse<Buffer> call(HttpMethod method, String uri, String token) {
    HttpRequest<Buffer> request = web.request(method, port, "127.0.0.1", uri);
    if (token != null) {
      request.bearerTokenAuthentication(token);
    }
    return await(request.send());
  }
}
