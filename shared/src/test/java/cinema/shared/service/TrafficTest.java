package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a service says of its requests, as whoever scrapes it reads it. */
@ResourceLock(Meters.LOCK)
class TrafficTest {
  private static final String REQUESTS = "intermission_http_requests_seconds_count";

  private final Meters meters = new Meters();
  private final Bench bench = Bench.of("web");
  private final Queue<RoutingContext> waiting = new ConcurrentLinkedQueue<>();
  private int port;
  private WebClient client;

  @BeforeEach
  void listen() {
    Settings settings = bench.settings().with(Map.of("RATE_LIMITS", "on", "ADDRESS_RATE", "1/60"));
    WebServer server = new WebServer(bench.vertx(), settings);
    var routes = server.router();
    routes.get("/orders/:orderId").handler(context -> context.end("one"));
    routes.delete("/orders/:orderId").handler(context -> context.fail(409));
    routes.post("/orders").handler(context -> context.end("all"));
    routes.get("/orders/:orderId/:step").handler(waiting::add);
    routes.get("/pages/*").handler(context -> context.end("page"));
    routes.get("/who").handler(context -> context.fail(Problem.unauthorized("Who?").thrown()));
    routes
        .get("/feed")
        .handler(
            context -> {
              context.request().pause();
              context
                  .request()
                  .toWebSocket()
                  .onSuccess(socket -> WebServer.becameSocket(context))
                  .onFailure(context::fail);
            });
    port = await(server.listen()).actualPort();
    client =
        WebClient.create(
            bench.vertx(), new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  @AfterEach
  void close() {
    bench.close();
    meters.close();
  }

  @Test
  void requests_are_counted_by_route_and_class_of_status_whatever_clients_write() {
    get("/orders/1");
    get("/orders/2?x=3");
    get("/pages/a/b");
    get("/nowhere/1");
    get("/nowhere/2");
    await(client.delete("/orders/1").send());
    await(client.post("/orders").send());

    String scraped = get("/metrics").bodyAsString();
    assertThat(counted(scraped, "GET", "/orders/:orderId", "2xx")).isEqualTo(2);
    assertThat(counted(scraped, "DELETE", "/orders/:orderId", "4xx")).isEqualTo(1);
    assertThat(counted(scraped, "POST", "/orders", "2xx")).isEqualTo(1);
    assertThat(counted(scraped, "GET", "/pages/", "2xx")).isEqualTo(1);
    assertThat(counted(scraped, "any", "none", "4xx")).isEqualTo(2);
    assertThat(scraped).doesNotContain("nowhere").doesNotContain("route=\"/metrics\"");
    assertThat(Meters.valueIn(scraped, REQUESTS)).isEqualTo(7);
    assertThat(Meters.valueIn(scraped, REQUESTS, "service=\"web\"")).isEqualTo(7);
  }

  @Test
  void who_is_refused_is_counted() throws IOException {
    get("/who");
    for (int i = 0; i < 70; i++) {
      get("/orders/1");
    }
    try (Socket socket = new Socket("127.0.0.1", port)) {
      send(socket, "no HTTP at all\r\n\r\n");
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).contains(" 400 ");
    }

    eventually("who spoke no HTTP is counted", () -> refused(400) == 1);
    assertThat(refused(401)).isEqualTo(1);
    assertThat(refused(429)).isGreaterThan(0);
    String scraped = get("/metrics").bodyAsString();
    assertThat(counted(scraped, "GET", "/orders/:orderId", "4xx")).isEqualTo(refused(429));
  }

  @Test
  void a_request_is_in_flight_from_its_beginning_to_its_answer() {
    var one = client.get("/orders/1/start").send();
    var other = client.get("/orders/1/ready").send();
    eventually("both are here", () -> inFlight() == 2);

    waiting.forEach(context -> context.end("done"));
    await(one);
    await(other);
    eventually("both are answered", () -> inFlight() == 0);
    get("/who");
    get("/nowhere");
    assertThat(inFlight()).isZero();
    assertThat(Meters.valueIn(get("/metrics").bodyAsString(), "intermission_http_in_flight"))
        .as("whoever asks for it does not count")
        .isZero();
  }

  @Test
  void whose_connection_breaks_off_is_in_flight_no_more() throws IOException {
    try (Socket waits = new Socket("127.0.0.1", port);
        Socket sends = new Socket("127.0.0.1", port)) {
      send(waits, "GET /orders/1/start HTTP/1.1\r\nHost: x\r\n\r\n");
      send(sends, "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
      eventually("both are here", () -> inFlight() == 2);
    }

    eventually("both are gone", () -> inFlight() == 0);
    assertThat(meters.value(REQUESTS, "status=\"none\"")).isEqualTo(2);
    waiting.forEach(context -> context.end("too late"));
    eventually("it is looked at", () -> inFlight() == 0);
  }

  @Test
  void what_has_become_a_socket_is_in_flight_no_more_and_is_not_counted_down_again() {
    WebSocketClient sockets = bench.vertx().createWebSocketClient();
    WebSocket socket = await(sockets.connect(port, "127.0.0.1", "/feed"));
    eventually("it is a socket", () -> inFlight() == 0);
    assertThat(meters.value(REQUESTS, "route=\"/feed\"", "status=\"1xx\"")).isEqualTo(1);

    await(socket.close());
    var other = client.get("/orders/1/start").send();
    eventually("another is here", () -> inFlight() == 1);
    waiting.forEach(context -> context.end("done"));
    await(other);
    eventually("it is answered", () -> inFlight() == 0);
    assertThat(meters.value(REQUESTS)).isEqualTo(2);
  }

  private double inFlight() {
    return meters.value("intermission_http_in_flight", "service=\"web\"");
  }

  private double refused(int status) {
    return meters.value("intermission_http_refused_total", "status=\"" + status + "\"");
  }

  private static double counted(String scraped, String method, String route, String status) {
    return Meters.valueIn(
        scraped,
        REQUESTS,
        "method=\"" + method + "\"",
        "route=\"" + route + "\"",
        "status=\"" + status + "\"");
  }

  private HttpResponse<Buffer> get(String path) {
    return await(client.get(path).send());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }
}
