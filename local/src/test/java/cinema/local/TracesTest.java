package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.local.Collector.Taken;
import cinema.local.Product.Answered;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of spans sees of orders: each one's whole way, from the phone to the board. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesTest {
  private static final String PHONE = "00f067aa0ba902b7";

  @TempDir static Path data;

  private Collector collector;
  private RunningProduct running;
  private Product product;
  private Lobby lobby;
  // Held here: a client that nothing refers to is collected, and closes its sockets with it.
  private WebSocketClient sockets;
  private WebSocket board;

  @BeforeAll
  void start() throws Exception {
    collector = new Collector();
    running = new RunningProduct(data, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint()));
    product = running.product;
    lobby = new Lobby(product);
    sockets = running.vertx().createWebSocketClient();
    board =
        await(
            sockets.connect(
                new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(running.place.port())
                    .setURI("/feed/bars/lobby")
                    .addHeader("Authorization", "Bearer " + lobby.token)));
  }

  @AfterAll
  void stop() throws Exception {
    await(board.close());
    running.stop();
    collector.close();
  }

  @Test
  void an_order_is_followed_from_the_phone_to_the_board() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4701";
    Answered placed = place(trace, "01");

    eventually("its alarm is on the board", () -> count(trace, sentOf("alarms")) > 0);
    eventually("the order is on the board", () -> count(trace, sentOf("orders")) > 0);
    eventuallyReadBy(trace, "orders", "snackbar", "alarm", "view");
    eventuallyPublished(trace, "orders", "order-requests");
    List<Taken> spans = oneTree(trace);
    assertThat(named(spans, "POST")).extracting(Taken::kind).contains("SERVER", "CLIENT");
    assertThat(count(trace, span -> span.kind().equals("SERVER"))).isEqualTo(2);
    assertThat(named(spans, "write together")).hasSize(1);
    assertThat(idsOf(spans)).contains(placed.headers().get("traceresponse").split("-")[2]);
  }

  @Test
  void a_cancel_is_followed_over_the_event_bus_to_the_board() {
    String customer = product.customer();
    String orderId = product.placed(customer, cola("Bora")).getString("orderId");
    eventually("the bar has it", () -> lobby.hasTaken(orderId));
    eventually("it is on the board", () -> lobby.board().contains(orderId));
    String trace = "4bf92f3577b34da6a3ce929d0e0e4702";

    Answered cancelled =
        product
            .delete("/orders/" + orderId)
            .by(customer)
            .with("traceparent", "00-" + trace + "-" + PHONE + "-01")
            .send();

    assertThat(cancelled.status()).isEqualTo(200);
    eventually("it has left the board", () -> count(trace, named("send to sockets")) > 0);
    eventuallyReadBy(trace, "order-requests", "order");
    eventuallyPublished(trace, "order-requests", "orders");
    List<Taken> spans = oneTree(trace);
    assertThat(spans)
        .filteredOn(span -> span.says("messaging.system", "vertx-eventbus"))
        .extracting(Taken::kind)
        .contains("CLIENT", "SERVER");
    // Found by its owner, and written by the bar and by order-verticle.
    assertThat(named(spans, "read together")).hasSize(1);
    assertThat(named(spans, "write together")).hasSize(2);
  }

  @Test
  void a_step_of_the_staff_is_followed_to_the_board() {
    String orderId = product.placed(product.customer(), cola("Dana")).getString("orderId");
    eventually("the bar has it", () -> lobby.hasTaken(orderId));
    eventually("it is on the board", () -> lobby.board().contains(orderId));
    String trace = "4bf92f3577b34da6a3ce929d0e0e4703";

    Answered started =
        product
            .post("/bars/lobby/orders/" + orderId + "/start")
            .by(lobby.token)
            .with("traceparent", "00-" + trace + "-" + PHONE + "-01")
            .send();

    assertThat(started.status()).isEqualTo(200);
    eventually("the board shows it", () -> count(trace, sentOf("order-requests")) > 0);
    eventuallyReadBy(trace, "order-requests", "view", "order", "alarm");
    List<Taken> spans = oneTree(trace);
    assertThat(named(spans, "write together")).hasSize(1);
  }

  @Test
  void each_of_those_that_are_written_together_has_a_trace_of_its_own() {
    String customer = product.customer();
    List<String> traces =
        IntStream.range(0, 20)
            .mapToObj(i -> "4bf92f3577b34da6a3ce929d0e0e48%02d".formatted(i))
            .toList();

    traces.parallelStream().forEach(trace -> place(customer, trace, "01"));

    for (String trace : traces) {
      eventuallyReadBy(trace, "orders", "view");
      List<Taken> spans = oneTree(trace);
      assertThat(named(spans, "write together")).hasSize(1);
      // No statement of its own, nor of its neighbours': it was written with them.
      assertThat(spans)
          .noneMatch(span -> span.said().getOrDefault("db.query.text", "").contains("outbox"));
    }
  }

  @Test
  void a_caller_who_wants_no_spans_has_none_and_the_same_trace_all_the_same() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4704";
    Answered placed = place(trace, "00");

    assertThat(placed.headers().get("traceresponse")).startsWith("00-" + trace).endsWith("-00");
    String orderId = placed.body().getString("orderId");
    eventually("it is on the board", () -> lobby.board().contains(orderId));
    // What comes after it has been sent after it.
    String later = "4bf92f3577b34da6a3ce929d0e0e4705";
    place(later, "01");
    eventually("the next is there", () -> count(later, sentOf("orders")) > 0);
    assertThat(collector.of(trace)).isEmpty();
  }

  @Test
  void nothing_that_a_customer_says_and_no_query_is_in_a_span() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4706";
    product
        .get("/my-orders?limit=3&ticket=s3cr3t")
        .by(product.customer())
        .with("traceparent", "00-" + trace + "-" + PHONE + "-01")
        .send();

    eventually("it is there", () -> count(trace, span -> span.kind().equals("SERVER")) == 2);
    assertThat(collector.all().toString())
        .doesNotContain("s3cr3t", "Dana", "Bora", "Hana", lobby.token)
        .doesNotContain("/health");
  }

  private Answered place(String trace, String flags) {
    return place(product.customer(), trace, flags);
  }

  private Answered place(String customer, String trace, String flags) {
    Answered placed =
        product
            .post("/orders")
            .by(customer)
            .with("traceparent", "00-" + trace + "-" + PHONE + "-" + flags)
            .send(cola("Hana"));
    assertThat(placed.status()).isEqualTo(201);
    return placed;
  }

  /**
   * Each span's parent comes too, or is the phone's; and nothing comes twice.
   *
   * @return its spans
   */
  private List<Taken> oneTree(String trace) {
    // A parent ends after its children, and so may be sent after them.
    eventually("no span is without its parent", () -> orphans(collector.of(trace)).isEmpty());
    List<Taken> spans = collector.of(trace);
    assertThat(idsOf(spans)).hasSameSizeAs(spans);
    assertThat(spans).filteredOn(span -> span.parentId().equals(PHONE)).hasSize(1);
    return spans;
  }

  private static List<Taken> orphans(List<Taken> spans) {
    Set<String> ids = idsOf(spans);
    return spans.stream()
        .filter(span -> !span.parentId().equals(PHONE) && !ids.contains(span.parentId()))
        .toList();
  }

  private static Set<String> idsOf(List<Taken> spans) {
    return spans.stream().map(Taken::spanId).collect(Collectors.toSet());
  }

  private static List<Taken> named(List<Taken> spans, String name) {
    return spans.stream().filter(named(name)).toList();
  }

  private static Predicate<Taken> named(String name) {
    return span -> span.name().equals(name);
  }

  /** Services read side by side: that the board shows it does not say that the others have read. */
  private void eventuallyReadBy(String trace, String topic, String... services) {
    for (String service : services) {
      eventually(
          service + " has read of it on " + topic, () -> count(trace, readBy(topic, service)) > 0);
    }
  }

  /** Who reads an event may be sooner than the broker's answer to who has published it. */
  private void eventuallyPublished(String trace, String... topics) {
    for (String topic : topics) {
      eventually("published to " + topic, () -> count(trace, named("publish " + topic)) > 0);
    }
  }

  private static Predicate<Taken> readBy(String topic, String service) {
    return span ->
        span.name().equals("process " + topic)
            && span.says("messaging.consumer.group.name", service);
  }

  private long count(String trace, Predicate<Taken> which) {
    return collector.of(trace).stream().filter(which).count();
  }

  /** Sent to the sockets because the view has read of it on this topic. */
  private Predicate<Taken> sentOf(String topic) {
    return sent ->
        sent.name().equals("send to sockets")
            && collector.of(sent.traceId()).stream()
                .anyMatch(
                    span ->
                        span.spanId().equals(sent.parentId())
                            && span.name().equals("process " + topic));
  }
}
