package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.testing.Bench;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much, how often and how slowly a service may be asked. */
class LimitsTest {
  private Bench bench;
  private int port;
  private WebClient client;
  // Held here: a client that nothing refers to is collected, and closes its sockets with it.
  private WebSocketClient sockets;
  private final AtomicLong later = new AtomicLong();

  @BeforeEach
  void begin() {
    bench = Bench.of("limits");
    client = WebClient.create(bench.vertx());
    sockets = bench.vertx().createWebSocketClient();
  }

  @AfterEach
  void end() {
    bench.close();
  }

  @Test
  void an_address_that_asks_too_much_is_told_when_to_ask_again() {
    listen(Map.of("ADDRESS_RATE", "1/3", "TRUSTED_PROXIES", ""));
    assertThat(get("/anybody", null).getHeader("ratelimit")).isEqualTo("\"address\";r=2;t=1");
    get("/anybody", null);
    get("/anybody", null);

    HttpResponse<Buffer> tooMany = get("/anybody", null);

    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(tooMany.getHeader("retry-after")).isEqualTo("1");
    assertThat(tooMany.getHeader("ratelimit")).isEqualTo("\"address\";r=0;t=3");
    assertThat(tooMany.getHeader("ratelimit-policy")).isEqualTo("\"address\";q=3;w=3");
    assertThat(tooMany.bodyAsJsonObject().getString("type")).isEqualTo("/problems/too-many");
    assertThat(get("/health/live", null).statusCode()).isEqualTo(200);
  }

  @Test
  void a_caller_that_asks_too_much_keeps_nobody_else_waiting() {
    listen(Map.of("CUSTOMER_RATE", "1/2"));
    String greedy = bench.customerToken(UUID.randomUUID());
    get("/caller", greedy);
    assertThat(get("/caller", greedy).getHeader("ratelimit")).isEqualTo("\"customer\";r=0;t=2");

    assertThat(get("/caller", greedy).statusCode()).isEqualTo(429);
    assertThat(get("/caller", bench.customerToken(UUID.randomUUID())).statusCode()).isEqualTo(200);
    assertThat(get("/caller", bench.staffToken("lobby")).statusCode()).isEqualTo(200);
  }

  @Test
  void one_address_opens_only_so_many_sessions() {
    listen(Map.of("SESSION_RATE", "1/2"));
    get("/session", null);
    assertThat(get("/session", null).statusCode()).isEqualTo(200);
    assertThat(get("/session", null).statusCode()).isEqualTo(429);
    assertThat(get("/anybody", null).statusCode()).isEqualTo(200);
  }

  @Test
  void without_limits_nobody_is_counted() {
    listen(Map.of("RATE_LIMITS", "off", "ADDRESS_RATE", "1/1"));
    for (int i = 0; i < 3; i++) {
      HttpResponse<Buffer> answer = get("/anybody", null);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.getHeader("ratelimit")).isNull();
    }
  }

  /** What is counted for whom; a proxy that is trusted is at 127.0.0.1, and another in 10.1.0.0. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ,                                               127.0.0.1
          203.0.113.7,                                    203.0.113.7
          '203.0.113.7, 10.1.2.3',                        203.0.113.7
          '198.51.100.1, 203.0.113.7',                    203.0.113.7
          '203.0.113.7, nonsense',                        127.0.0.1
          '198.51.100.1, nonsense, 10.1.2.3',             10.1.2.3
          '10.1.2.3',                                     10.1.2.3
          2001:db8:1:2:aaaa:bbbb:cccc:dddd,               2001:db8:1:2::/64
          2001:db8:1:2::1,                                2001:db8:1:2::/64
          [2001:db8:1:2::1]:5678,                         2001:db8:1:2::/64
          203.0.113.7:5678,                               203.0.113.7
          ::ffff:203.0.113.7,                             203.0.113.7
          """)
  void only_trusted_proxies_say_where_a_request_comes_from(String forwarded, String counted) {
    listen(Map.of("TRUSTED_PROXIES", "127.0.0.1, 10.1.0.0/16"));
    assertThat(from(forwarded)).isEqualTo(counted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/8"})
  void what_anybody_says_of_where_they_come_from_counts_for_nothing(String trusted) {
    listen(Map.of("TRUSTED_PROXIES", trusted));
    assertThat(from("203.0.113.7")).isEqualTo("127.0.0.1");
  }

  @Test
  void a_list_of_proxies_that_cannot_be_read_is_refused() {
    Settings settings = Settings.of("limits", Map.of("TRUSTED_PROXIES", "gateway"));
    assertThatThrownBy(settings::trustedProxies).hasMessageContaining("'gateway' is no address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /anybo", "GET /anybody HTTP/1.1\r\nHost: a\r\nX-Slow: "})
  void who_never_ends_a_head_is_cut_off(String begun) {
    listen(Map.of());
    assertThat(slowly(begun, "x")).isEmpty();
  }

  @Test
  void who_never_ends_a_body_is_told_and_cut_off() {
    listen(Map.of());
    String head = "POST /anybody HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n";
    assertThat(slowly(head, "x"))
        .startsWith("HTTP/1.1 408 ")
        .containsIgnoringCase("connection: close")
        .contains("\"type\":\"/problems/too-slow\"");
  }

  @Test
  void a_second_head_that_never_ends_is_no_way_to_stay() {
    listen(Map.of());
    String whole = "GET /anybody HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(slowly(whole + "GET /anybo", "d", () -> later.addAndGet(SECONDS.toNanos(10))))
        .startsWith("HTTP/1.1 200 ")
        .containsOnlyOnce("HTTP/1.1");
  }

  @Test
  void a_socket_stays_that_has_nothing_to_say() {
    listen(Map.of());
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/socket");
    WebSocket socket = await(sockets.connect(options));
    for (int i = 0; i < 3; i++) {
      later.addAndGet(Patience.IDLE.toNanos());
      // Whoever is looked after at the same time, and is cut off.
      assertThat(slowly("GET /anybo", "x")).isEmpty();
    }
    assertThat(socket.isClosed()).isFalse();
  }

  @Test
  void one_connection_more_than_there_may_be_is_closed_at_once() throws IOException {
    listen(Map.of("CONNECTIONS", "1"));
    try (Socket first = new Socket("127.0.0.1", port)) {
      first.getOutputStream().write("GET /anybody HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      assertThat(first.getInputStream().read()).isEqualTo('H');

      assertThat(slowly("GET /anybo", "x")).isEmpty();
    }
    eventually("there is room", () -> status() == 200);
  }

  @Test
  void a_socket_that_has_ended_makes_room() {
    listen(Map.of("CONNECTIONS", "1"));
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/socket");
    await(await(sockets.connect(options)).close());

    eventually("there is room", () -> status() == 200);
  }

  private void listen(Map<String, String> changes) {
    Map<String, String> on = new HashMap<>(Map.of("RATE_LIMITS", "on"));
    on.putAll(changes);
    Settings settings = bench.settings().with(on);
    Identity identity = new Identity(bench.vertx(), settings, Clock.systemUTC());
    WebServer server =
        new WebServer(bench.vertx(), settings, () -> System.nanoTime() + later.get());
    var routes = server.router();
    routes.route("/anybody").handler(context -> context.end("anybody"));
    routes
        .get("/session")
        .handler(server.limitingSessions())
        .handler(context -> context.end("session"));
    routes
        .get("/caller")
        .handler(identity.requireAnyone())
        .handler(context -> context.end("caller"));
    routes
        .get("/network")
        .handler(context -> context.end(settings.trustedProxies().networkOf(context.request())));
    routes
        .get("/socket")
        .handler(context -> context.request().toWebSocket().onFailure(context::fail));
    port = await(server.listen()).actualPort();
  }

  private HttpResponse<Buffer> get(String path, String token) {
    var request = client.get(port, "127.0.0.1", path);
    return await((token == null ? request : request.bearerTokenAuthentication(token)).send());
  }

  /**
   * @return 0 when there is no connection
   */
  private int status() {
    return await(
        client
            .get(port, "127.0.0.1", "/anybody")
            .send()
            .map(HttpResponse::statusCode)
            .otherwise(0));
  }

  private String from(String forwarded) {
    var request = client.get(port, "127.0.0.1", "/network");
    if (forwarded != null) {
      request.putHeader("X-Forwarded-For", forwarded);
    }
    return await(request.send()).bodyAsString();
  }

  /** As long as it takes to be cut off, but that time goes by ten times as fast. */
  private String slowly(String begun, String more) {
    return slowly(begun, more, () -> later.addAndGet(MILLISECONDS.toNanos(250)));
  }

  /** Sends byte after byte until the connection ends; what has been answered by then. */
  private String slowly(String begun, String more, Runnable meanwhile) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    long end = System.nanoTime() + SECONDS.toNanos(30);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(20);
      socket.getOutputStream().write(begun.getBytes(US_ASCII));
      while (receive(socket, answer)) {
        assertThat(System.nanoTime()).as("it is cut off").isLessThan(end);
        meanwhile.run();
        socket.getOutputStream().write(more.getBytes(US_ASCII));
      }
    } catch (IOException cutOff) {
      // As it should be.
    }
    return answer.toString(US_ASCII);
  }

  /**
   * @return whether the connection is still there
   */
  private static boolean receive(Socket socket, ByteArrayOutputStream answer) throws IOException {
    byte[] bytes = new byte[4096];
    try {
      int count = socket.getInputStream().read(bytes);
      if (count > 0) {
        answer.write(bytes, 0, count);
      }
      return count >= 0;
    } catch (SocketTimeoutException nothing) {
      return true;
    }
  }
}
