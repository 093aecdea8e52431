package cinema.view;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewApiTest extends ViewTest {
  private final String bar = "bar-" + UUID.randomUUID();
  private final String staff = view.bench.staffToken(bar);
  private final UUID me = UUID.randomUUID();
  private final String customer = view.bench.customerToken(me);

  @Test
  void staff_see_their_bars_open_orders_and_page_through_its_history() {
    OrderPlaced first = Orders.placed(bar);
    OrderPlaced second = Orders.placed(bar);
    view.follow(first, second, Orders.handedOver(second));

    assertThat(orders(view.get("/bars/" + bar + "/orders", staff)))
        .containsExactly(Orders.shown(first, OrderStatus.PLACED));

    String history = "/bars/" + bar + "/orders?status=ALL&limit=1";
    JsonObject page = view.get(history, staff).bodyAsJsonObject();
    assertThat(page.getJsonArray("orders").getJsonObject(0).getString("orderId"))
        .isEqualTo(second.orderId().toString());
    JsonObject next =
        view.get(history + "&cursor=" + page.getString("nextCursor"), staff).bodyAsJsonObject();
    assertThat(next.getJsonArray("orders").getJsonObject(0).getString("orderId"))
        .isEqualTo(first.orderId().toString());
    assertThat(next.fieldNames()).doesNotContain("nextCursor");
  }

  @Test
  void customers_see_their_own_orders_newest_first() {
    OrderPlaced first = Orders.placed(bar, me);
    OrderPlaced second = Orders.placed(bar, me);
    view.follow(first, second, Orders.placed(bar));

    assertThat(orders(view.get("/my-orders", customer)))
        .extracting(Order::orderId)
        .containsExactly(second.orderId(), first.orderId());
    assertThat(orders(view.get("/my-orders?before=" + second.orderId(), customer)))
        .extracting(Order::orderId)
        .containsExactly(first.orderId());
  }

  @Test
  void a_bars_orders_are_for_its_own_staff_and_my_orders_for_customers() {
    String orders = "/bars/" + bar + "/orders";

    assertThat(view.get(orders, view.bench.staffToken("elsewhere")).statusCode()).isEqualTo(404);
    assertThat(view.get(orders, customer).statusCode()).isEqualTo(403);
    assertThat(view.get(orders, null).statusCode()).isEqualTo(401);
    assertThat(view.get("/my-orders", staff).statusCode()).isEqualTo(403);
    assertThat(view.get("/my-orders", null).statusCode()).isEqualTo(401);
    assertThat(view.call(HttpMethod.POST, "/feed-tickets", null).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "status=EATEN, status",
    "status=PLACED%20READY, status",
    "status=, status",
    "cursor=yesterday, cursor",
    "cursor=, cursor",
    "limit=0, limit",
    "limit=201, limit",
    "limit=many, limit"
  })
  void a_bad_query_parameter_is_named(String query, String field) {
    HttpResponse<Buffer> answer = view.get("/bars/" + bar + "/orders?" + query, staff);

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0).getString("field"))
        .isEqualTo(field);
  }

  @Test
  void an_endless_list_of_statuses_is_refused_like_any() {
    a_bad_query_parameter_is_named("status=" + "PLACED,".repeat(500) + "READY", "status");
  }

  @Test
  void a_ticket_opens_one_feed() {
    String uri = "/feed/bars/" + bar + "?ticket=" + view.ticket(staff);

    Feed<FeedMessage> feed = view.open(uri, null);

    assertThat(feed.nextSnapshot().orders()).isEmpty();
    assertThat(refusal(uri, null).getStatus()).isEqualTo(401);
    feed.leave();
  }

  @Test
  void a_feed_is_for_the_bars_own_staff_and_others_get_a_problem_before_the_upgrade() {
    String uri = "/feed/bars/" + bar;

    assertThat(problem(refusal(uri, customer)))
        .isEqualTo(new JsonObject().put("status", 403).put("type", "/problems/forbidden"));
    assertThat(problem(refusal(uri, view.bench.staffToken("elsewhere"))))
        .isEqualTo(new JsonObject().put("status", 404).put("type", "/problems/not-found"));
    assertThat(problem(refusal(uri, null)))
        .isEqualTo(new JsonObject().put("status", 401).put("type", "/problems/unauthorized"));
    assertThat(problem(refusal(uri + "?ticket=made-up", null)))
        .isEqualTo(new JsonObject().put("status", 401).put("type", "/problems/unauthorized"));
    assertThat(problem(refusal(uri + "?ticket=" + view.ticket(customer), null)))
        .isEqualTo(new JsonObject().put("status", 403).put("type", "/problems/forbidden"));
  }

  @Test
  void a_feed_that_is_asked_for_without_a_websocket_is_answered_426() {
    HttpResponse<Buffer> answer = view.get("/feed/bars/" + bar, staff);

    assertThat(answer.statusCode()).isEqualTo(426);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.bodyAsJsonObject().getString("type")).isEqualTo("/problems/websocket");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 13, , 426",
    "'', 13, x, 426",
    "'', , dGhlIHNhbXBsZSBub25jZQ==, 426",
    "'', 8, dGhlIHNhbXBsZSBub25jZQ==, 426",
    "?since=|, 13, dGhlIHNhbXBsZSBub25jZQ==, 400",
    "?%, 13, dGhlIHNhbXBsZSBub25jZQ==, 400",
  })
  void a_feed_that_is_asked_for_badly_is_refused_in_our_words(
      String query, String version, String key, int status) throws IOException {
    StringBuilder request = new StringBuilder("GET /feed/bars/" + bar + "/pickup" + query);
    request.append(" HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
    if (version != null) {
      request.append("Sec-WebSocket-Version: ").append(version).append("\r\n");
    }
    if (key != null) {
      request.append("Sec-WebSocket-Key: ").append(key).append("\r\n");
    }
    try (Socket socket = new Socket("127.0.0.1", view.port)) {
      socket.getOutputStream().write(request.append("\r\n").toString().getBytes(US_ASCII));
      byte[] answer = new byte[500];
      int length = socket.getInputStream().read(answer);

      assertThat(new String(answer, 0, length, US_ASCII))
          .contains(" " + status + " ", "application/problem+json");
    }
  }

  private UpgradeRejectedException refusal(String uri, String token) {
    return catchThrowableOfType(
        UpgradeRejectedException.class, () -> view.open(uri, token).leave());
  }

  private static JsonObject problem(UpgradeRejectedException refusal) {
    assertThat(refusal.getHeaders().get("content-type")).isEqualTo("application/problem+json");
    JsonObject problem = refusal.getBody().toJsonObject();
    assertThat(problem.getInteger("status")).isEqualTo(refusal.getStatus());
    return new JsonObject()
        .put("status", refusal.getStatus())
        .put("type", problem.getString("type"));
  }

  private static List<Order> orders(HttpResponse<Buffer> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return Wire.decode(answer.bodyAsString(), Page.class).orders();
  }

  private record Page(List<Order> orders) {}
}
