package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.local.Product.Answered;
import cinema.shared.contract.Cancel;
import com.hazelcast.core.Hazelcast;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From the phone to the board and back, on real parts, through the front door. */
class OrderJourneyTest extends AtTheLobby {
  // Held here: a client that nothing refers to is collected, and closes its sockets with it.
  private WebSocketClient sockets;

  @BeforeAll
  void connect() {
    sockets = running.vertx().createWebSocketClient();
  }

  @Test
  void an_order_is_on_the_board_with_an_alarm_and_gone_once_cancelled() {
    String customer = product.customer();
    String staff = lobby.token;
    JsonObject order = product.placed(customer, cola("Mina Journey"));
    String orderId = order.getString("orderId");

    eventually("the order is on the board", () -> lobby.board().contains(orderId));
    eventually("an alarm names the customer", () -> lobby.isAlarmedBy("Mina Journey"));
    assertThat(product.ordersOf(customer)).contains(orderId);

    Answered cancelled = product.delete("/orders/" + orderId).by(customer).send();
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.body().getString("status")).isEqualTo("CANCELLED");
    assertThat(product.delete("/orders/" + orderId).by(customer).send().body())
        .isEqualTo(cancelled.body());

    eventually("the order has left the board", () -> !lobby.board().contains(orderId));
    eventually("its alarm is settled", () -> !lobby.isAlarmedBy("Mina Journey"));
    Answered start = lobby.take(orderId, "start");
    assertThat(start.status()).isEqualTo(409);
    assertThat(start.body().getString("orderStatus")).isEqualTo("CANCELLED");
  }

  @Test
  void nothing_but_our_own_addresses_is_on_the_event_bus() {
    Set<String> addresses =
        Hazelcast.getAllHazelcastInstances().stream()
            .flatMap(member -> member.<String, Object>getMultiMap("__vertx.subs").keySet().stream())
            .collect(Collectors.toSet());

    assertThat(addresses).containsExactlyInAnyOrder(Cancel.ADDRESS, "view.feeds");
  }

  @Test
  void staff_take_an_order_through_its_life_and_the_customer_sees_it() {
    String customer = product.customer();
    String staff = lobby.token;
    String orderId = product.placed(customer, cola("Jun")).getString("orderId");
    eventually("the bar has it", () -> lobby.hasTaken(orderId));

    assertThat(lobby.take(orderId, "start").status()).isEqualTo(200);
    Answered late = product.delete("/orders/" + orderId).by(customer).send();
    assertThat(late.type()).isEqualTo("/problems/too-late");
    assertThat(late.body().getString("orderStatus")).isEqualTo("PREPARING");
    for (String[] step :
        new String[][] {
          {"ready", "READY"},
          {"undo", "PREPARING"},
          {"ready", "READY"},
          {"hand-over", "HANDED_OVER"},
        }) {
      Answered moved = lobby.take(orderId, step[0]);
      assertThat(moved.body().getString("status")).isEqualTo(step[1]);
    }
    eventually(
        "the customer sees it handed over",
        () ->
            product
                .get("/orders/" + orderId)
                .by(customer)
                .send()
                .body()
                .getString("status")
                .equals("HANDED_OVER"));
  }

  @Test
  void staff_see_every_change_live_and_numbered_without_gaps() {
    String customer = product.customer();
    String staff = product.staffOf("roof");
    List<JsonObject> frames = new CopyOnWriteArrayList<>();
    ClientWebSocket feed = follow("roof", staff, "", frames);
    eventually("the snapshot has come", () -> !frames.isEmpty());
    assertThat(frames.getFirst().getString("type")).isEqualTo("snapshot");

    JsonObject wanted = cola("Ara").put("barId", "roof");
    String orderId = product.placed(customer, wanted).getString("orderId");
    // One that is cancelled before the view has heard of it never stands on the board.
    eventually(
        "it is on the board",
        () -> frames.stream().anyMatch(frame -> frame.getString("type").equals("order")));
    product.delete("/orders/" + orderId).by(customer).send();

    eventually("it has left the board", () -> frames.stream().anyMatch(this::removed));
    eventually(
        "its alarm has come",
        () -> frames.stream().anyMatch(frame -> frame.getString("type").equals("alarm")));
    long first = frames.getFirst().getLong("seq");
    for (int i = 0; i < frames.size(); i++) {
      assertThat(frames.get(i).getLong("seq")).isEqualTo(first + i);
    }
    await(feed.close());
  }

  @Test
  void whose_orders_they_were_is_forgotten_everywhere_and_they_stay_countable() {
    String customer = product.customer();
    String staff = lobby.token;
    List<JsonObject> live = new CopyOnWriteArrayList<>();
    ClientWebSocket board = follow("lobby", staff, "", live);
    eventually("the snapshot has come", () -> !live.isEmpty());
    JsonObject before = live.getFirst();
    JsonObject wanted = cola("Sora Forgetful").put("seat", "H7").put("note", "for Sora, no ice");
    wanted.getJsonObject("customer").put("phone", "010-9876-5432");
    String open = product.placed(customer, wanted).getString("orderId");
    String closed = product.placed(customer, wanted).getString("orderId");
    eventually("the bar has both", () -> lobby.hasTaken(open) && lobby.hasTaken(closed));
    eventually("both have rung", () -> said(live, "alarm", open) && said(live, "alarm", closed));
    for (String step : List.of("start", "ready", "hand-over")) {
      lobby.take(closed, step);
    }
    eventually("one is closed", () -> said(live, "removed", closed));
    assertThat(whole(staff, customer, open, closed))
        .contains("Sora Forgetful", "010-9876", "***-****-**32", "H7", "no ice");
    int all = lobby.history().size();

    Answered forgotten = product.delete("/my-data").by(customer).send();

    assertThat(forgotten.status()).isEqualTo(200);
    assertThat(forgotten.body().getInteger("orders")).isEqualTo(2);
    assertThat(product.delete("/my-data").by(customer).send().body().getInteger("orders")).isZero();
    eventually(
        "an open board shows it without a name",
        () -> live.stream().anyMatch(frame -> isNobodys(frame, open)));
    eventually(
        "nobody's name is left", () -> !whole(staff, customer, open, closed).contains("Sora"));
    List<JsonObject> anew = new CopyOnWriteArrayList<>();
    List<JsonObject> resumed = new CopyOnWriteArrayList<>();
    String since = "&epoch=" + before.getString("epoch") + "&since=" + before.getLong("seq");
    ClientWebSocket fresh = follow("lobby", staff, "", anew);
    ClientWebSocket back = follow("lobby", staff, since, resumed);
    eventually("a fresh snapshot has come", () -> !anew.isEmpty());
    eventually("who was cut off has heard it", () -> said(resumed, "alarm", closed));
    assertThat(anew.getFirst().encode()).contains(open);
    assertThat(whole(staff, customer, open, closed) + anew + resumed)
        .doesNotContain("Sora", "010-9876", "**32", "H7", "no ice");
    assertThat(lobby.history()).hasSize(all).contains(open, closed);
    assertThat(product.ordersOf(customer)).containsExactlyInAnyOrder(open, closed);

    String later = product.placed(customer, cola("Sora Again")).getString("orderId");
    eventually("a later order says whose it is", () -> lobby.isAlarmedBy("Sora Again"));
    assertThat(product.delete("/orders/" + open).by(customer).send().status()).isEqualTo(200);
    assertThat(product.ordersOf(customer)).contains(later);
    List.of(board, fresh, back).forEach(socket -> await(socket.close()));
  }

  /** The handler before the connection: the first frame comes with it. */
  private ClientWebSocket follow(String bar, String staff, String since, List<JsonObject> frames) {
    String ticket = product.post("/feed-tickets").by(staff).send().body().getString("ticket");
    ClientWebSocket feed = sockets.webSocket();
    feed.textMessageHandler(frame -> frames.add(new JsonObject(frame)));
    await(
        feed.connect(
            running.place.port(), "127.0.0.1", "/feed/bars/" + bar + "?ticket=" + ticket + since));
    return feed;
  }

  private static boolean said(List<JsonObject> frames, String type, String orderId) {
    return frames.stream()
        .anyMatch(
            frame -> frame.getString("type").equals(type) && frame.encode().contains(orderId));
  }

  private static boolean isNobodys(JsonObject frame, String orderId) {
    JsonObject order = frame.getJsonObject("order");
    return order != null
        && order.getString("orderId").equals(orderId)
        && order.getJsonObject("customer").equals(new JsonObject().put("name", ""));
  }

  /** Everything that anybody can ask for about these orders. */
  private String whole(String staff, String customer, String... orderIds) {
    StringBuilder whole = new StringBuilder();
    for (String path : List.of("/bars/lobby/orders?status=ALL&limit=200", "/bars/lobby/alarms")) {
      whole.append(product.get(path).by(staff).send().body());
    }
    whole.append(product.get("/my-orders").by(customer).send().body());
    for (String orderId : orderIds) {
      whole.append(product.get("/orders/" + orderId).by(customer).send().body());
    }
    return whole.toString();
  }

  private boolean removed(JsonObject frame) {
    return frame.getString("type").equals("removed")
        && frame.getString("reason").equals("CANCELLED");
  }

  @Test
  void the_same_key_orders_once() {
    String customer = product.customer();
    Answered first =
        product.post("/orders").by(customer).with("Idempotency-Key", "k-1").send(cola("Key"));
    Answered again =
        product.post("/orders").by(customer).with("Idempotency-Key", "k-1").send(cola("Key"));
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    Answered other =
        product.post("/orders").by(customer).with("Idempotency-Key", "k-1").send(cola("Else"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.type()).isEqualTo("/problems/key-reused");
    eventually("it is in my orders", () -> product.ordersOf(customer).size() == 1);
  }

  @Test
  void a_trace_goes_through_and_comes_back() {
    String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Answered answered = product.get("/bars").with("traceparent", traceparent).send();
    assertThat(answered.headers().get("traceresponse"))
        .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
  }
}
