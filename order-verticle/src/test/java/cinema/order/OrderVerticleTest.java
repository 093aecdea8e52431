package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.bar;
import static cinema.order.Samples.changed;
import static cinema.order.Samples.cola;
import static cinema.order.Samples.popcorn;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.contract.Customer;
import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.EventReader;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The one class of this module that tells menus, which are empty at first for that reason. */
class OrderVerticleTest {
  private static final String BAR = "lobby";

  private static Bench bench;
  private static EventPublisher publisher;
  private static EventReader reader;
  private static final Queue<Event> orders = new ConcurrentLinkedQueue<>();
  private static WebClient http;
  private static HttpResponse<Buffer> beforeTheBarWasKnown;

  private final UUID customerId = UUID.randomUUID();
  private final String token = bench.customerToken(customerId);

  @BeforeAll
  static void deploy() {
    bench = Bench.withKafka("order");
    publisher = new EventPublisher(bench.vertx(), bench.settings());
    reader =
        EventReader.whole(
            bench.vertx(),
            bench.settings(),
            Topic.ORDERS,
            publisher,
            batch -> {
              batch.forEach(told -> orders.add(told.event()));
              return Future.succeededFuture();
            });
    reader.start();
    Database database = bench.database("cinema/order/migrations");
    eventually("it is connected", () -> await(database.ping().map(true).otherwise(false)));
    http = deployed(bench.settings().with(Map.of("REANNOUNCE_MS", "600000")));

    // Kafka may need longer for a new topic than one send waits for; an outbox would send again.
    List<Told<MenuEvent>> first = List.of(new Told<>(changed(BAR, 1, popcorn()), TRACE));
    eventually(
        "Kafka has the topic",
        () -> await(publisher.send(Topic.MENUS, first).map(true).otherwise(false)));
    tell(Topic.MENUS, changed(BAR, 1, cola()));
    eventually("its items are known", () -> itemsKeptIn(database) == 2);
    beforeTheBarWasKnown = get(http, "/health/ready");
    tell(Topic.MENUS, bar(BAR));
    eventually("it is ready", () -> get(http, "/health/ready").statusCode() == 200);
  }

  @AfterAll
  static void close() {
    await(reader.stop());
    bench.close();
  }

  @Test
  void it_is_not_ready_before_it_knows_a_bar() {
    assertThat(beforeTheBarWasKnown.statusCode()).isEqualTo(503);
    assertThat(get(http, "/bars/" + BAR + "/menu").bodyAsJsonObject().getJsonArray("items"))
        .hasSize(2);
  }

  @Test
  void a_guest_places_an_order_and_the_bars_are_told() {
    HttpResponse<Buffer> session = await(http.post("/sessions").send());
    String guest = session.bodyAsJsonObject().getString("token");

    HttpResponse<Buffer> placed = place(http, guest, "a-key", BAR);

    assertThat(session.statusCode()).isEqualTo(201);
    assertThat(placed.statusCode()).isEqualTo(201);
    Order order = Wire.decode(placed.bodyAsString(), Order.class);
    assertThat(order.status()).isEqualTo(OrderStatus.PLACED);
    assertThat(order.total()).isEqualTo(9000);
    assertThat(placed.getHeader("location")).isEqualTo("/orders/" + order.orderId());
    assertThat(placed.getHeader("traceresponse")).contains(TRACE.traceId());
    assertThat(send(http, HttpMethod.GET, "/orders/" + order.orderId(), guest).bodyAsString())
        .isEqualTo(placed.bodyAsString());
    assertThat(place(http, guest, "a-key", BAR).bodyAsString()).isEqualTo(placed.bodyAsString());
    eventually("the order is told", () -> told(order.orderId()).size() == 1);
    assertThat(told(order.orderId()).getFirst())
        .isInstanceOfSatisfying(
            OrderPlaced.class, told -> assertThat(told.order()).isEqualTo(order));
  }

  @Test
  void anothers_order_is_not_found_and_not_cancelled() {
    Order order = placed();
    String another = bench.customerToken(UUID.randomUUID());

    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.DELETE)) {
      HttpResponse<Buffer> response = send(http, method, "/orders/" + order.orderId(), another);
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
    }
  }

  @Test
  void a_bad_order_is_told_which_fields_are_bad_and_a_bad_key_likewise() {
    HttpResponse<Buffer> unknownBar = place(http, token, null, "nowhere");
    HttpResponse<Buffer> badKey = place(http, token, "two words", BAR);

    assertThat(unknownBar.statusCode()).isEqualTo(422);
    assertThat(firstBadField(unknownBar)).isEqualTo("barId");
    assertThat(badKey.statusCode()).isEqualTo(422);
    assertThat(firstBadField(badKey)).isEqualTo("header Idempotency-Key");
    assertThat(place(http, "no-token", null, BAR).statusCode()).isEqualTo(401);
  }

  @Test
  void an_order_that_its_bar_has_started_cannot_be_taken_back() {
    Order order = placed();
    tellOf(order, PreparationStarted::new, "PREPARING");

    HttpResponse<Buffer> refused =
        send(http, HttpMethod.DELETE, "/orders/" + order.orderId(), token);

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.bodyAsJsonObject().getString("type")).endsWith("too-late");
    assertThat(refused.bodyAsJsonObject().getString("orderStatus")).isEqualTo("PREPARING");
  }

  @Test
  void a_cancel_that_nobody_answers_is_settled_by_the_bars_event() {
    Order order = placed();
    String path = "/orders/" + order.orderId();

    HttpResponse<Buffer> unanswered = send(http, HttpMethod.DELETE, path, token);

    assertThat(unanswered.statusCode()).isEqualTo(202);
    assertThat(unanswered.getHeader("location")).isEqualTo(path);
    assertThat(unanswered.bodyAsJsonObject().getString("status")).isEqualTo("CANCELLING");
    assertThat(status(path)).isEqualTo("CANCELLING");

    tellOf(order, OrderRequestCancelled::new, "CANCELLED");
    for (int i = 0; i < 2; i++) {
      HttpResponse<Buffer> cancelled = send(http, HttpMethod.DELETE, path, token);
      assertThat(cancelled.statusCode()).isEqualTo(200);
      assertThat(cancelled.bodyAsJsonObject())
          .isEqualTo(
              new JsonObject()
                  .put("orderId", order.orderId().toString())
                  .put("status", "CANCELLED"));
    }
    eventually("the cancel is told", () -> told(order.orderId()).size() == 2);
    assertThat(told(order.orderId()).getLast()).isInstanceOf(OrderCancelled.class);
  }

  @Test
  void a_customer_who_asks_to_be_forgotten_is_and_can_still_take_an_order_back() {
    Order order = placed();
    String path = "/orders/" + order.orderId();

    HttpResponse<Buffer> forgotten = send(http, HttpMethod.DELETE, "/my-data", token);
    HttpResponse<Buffer> again = send(http, HttpMethod.DELETE, "/my-data", token);

    assertThat(forgotten.statusCode()).isEqualTo(200);
    assertThat(forgotten.bodyAsJsonObject()).isEqualTo(new JsonObject().put("orders", 1));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.bodyAsJsonObject()).isEqualTo(new JsonObject().put("orders", 0));
    Order now = Wire.decode(send(http, HttpMethod.GET, path, token).bodyAsString(), Order.class);
    assertThat(now.customer()).isEqualTo(new Customer("", null));
    assertThat(now.lines()).isEqualTo(order.lines());
    assertThat(now.pickupNumber()).isEqualTo(order.pickupNumber());
    eventually("it is told", () -> told(order.orderId()).size() == 2);
    assertThat(told(order.orderId()).getLast())
        .isInstanceOf(OrderForgotten.class)
        .extracting(Event::version)
        .isEqualTo(3);

    assertThat(send(http, HttpMethod.DELETE, path, token).statusCode()).isEqualTo(202);
    tellOf(order, OrderRequestCancelled::new, "CANCELLED");
    eventually("the cancel is told", () -> told(order.orderId()).size() == 3);
    assertThat(told(order.orderId()).getLast())
        .isInstanceOf(OrderCancelled.class)
        .extracting(Event::version)
        .isEqualTo(2);
  }

  @Test
  void after_a_restart_orders_are_taken_without_kafka() {
    Settings alone = bench.settings().with(Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:1"));
    try (Bench other = Bench.of("order")) {
      WebClient restarted = deployed(other, alone);

      assertThat(place(restarted, token, null, BAR).statusCode()).isEqualTo(201);
      eventually("it is ready", () -> get(restarted, "/health/ready").statusCode() == 200);
    }
  }

  @Test
  void an_order_that_no_bar_confirms_is_told_again() {
    Map<String, String> own =
        Map.of("DATABASE_SCHEMA", bench.settings().schema() + "_again", "REANNOUNCE_MS", "0");
    try (Bench other = Bench.withKafka("order")) {
      WebClient impatient = deployed(other, bench.settings().with(own));
      eventually("it is ready", () -> get(impatient, "/health/ready").statusCode() == 200);

      Order order = Wire.decode(place(impatient, token, null, BAR).bodyAsString(), Order.class);

      eventually("the order is told again", () -> told(order.orderId()).size() >= 2);
      assertThat(told(order.orderId()).getLast()).isEqualTo(told(order.orderId()).getFirst());
    }
  }

  private static WebClient deployed(Settings settings) {
    return deployed(bench, settings);
  }

  private static WebClient deployed(Bench where, Settings settings) {
    int port = FreePort.find();
    await(
        where
            .vertx()
            .deployVerticle(
                new OrderVerticle(settings.with(Map.of("HTTP_PORT", Integer.toString(port))))));
    return WebClient.create(
        where.vertx(), new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  private Order placed() {
    return Wire.decode(place(http, token, null, BAR).bodyAsString(), Order.class);
  }

  /** One popcorn and one cola. */
  private static HttpResponse<Buffer> place(
      WebClient http, String token, String key, String barId) {
    JsonObject form =
        new JsonObject()
            .put("barId", barId)
            .put("lines", new JsonArray().add(line("popcorn")).add(line("cola")))
            .put("customer", new JsonObject().put("name", "Minji"));
    HttpRequest<Buffer> request =
        http.post("/orders")
            .bearerTokenAuthentication(token)
            .putHeader("traceparent", TRACE.traceparent());
    if (key != null) {
      request.putHeader("Idempotency-Key", key);
    }
    return await(request.sendJsonObject(form));
  }

  private static JsonObject line(String itemId) {
    return new JsonObject().put("itemId", itemId).put("quantity", 1);
  }

  private interface AtTheBar {
    OrderRequestEvent of(UUID orderId, int version, Instant occurredAt, String barId);
  }

  /** The bar tells of an order, and it is heard. */
  private void tellOf(Order order, AtTheBar event, String status) {
    tell(Topic.ORDER_REQUESTS, event.of(order.orderId(), 2, Instant.now(), BAR));
    eventually("the bar is heard", () -> status("/orders/" + order.orderId()).equals(status));
  }

  private static <E extends Event> void tell(Topic<E> topic, E event) {
    await(publisher.send(topic, List.of(new Told<>(event, TRACE))));
  }

  private static List<Event> told(UUID orderId) {
    return orders.stream().filter(event -> event.subject().equals(orderId.toString())).toList();
  }

  private String status(String path) {
    return send(http, HttpMethod.GET, path, token).bodyAsJsonObject().getString("status");
  }

  private static String firstBadField(HttpResponse<Buffer> response) {
    return response.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0).getString("field");
  }

  private static HttpResponse<Buffer> get(WebClient http, String path) {
    return await(http.get(path).send());
  }

  private static HttpResponse<Buffer> send(
      WebClient http, HttpMethod method, String path, String token) {
    return await(http.request(method, path).bearerTokenAuthentication(token).send());
  }

  private static int itemsKeptIn(Database database) {
    return await(database.execute("SELECT 1 FROM menu_copy")).size();
  }
}
