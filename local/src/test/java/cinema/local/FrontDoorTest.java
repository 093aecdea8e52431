package cinema.local;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FaultyLink;
import cinema.servers.FreePort;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To which replica a request goes, and when it may go to another one. */
class FrontDoorTest {
  @TempDir Path data;

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private final WebSocketClient sockets = vertx.createWebSocketClient();
  private final int port = FreePort.find();
  private final List<ProcessList.Entry> listed = new ArrayList<>();

  /** Stands for one process of order-verticle. */
  private final class Stub {
    final AtomicInteger asked = new AtomicInteger();
    final int port = FreePort.find();
    volatile boolean ready = true;
    volatile Consumer<HttpServerRequest> answer = request -> request.response().end("{}");
    private HttpServer server;

    void start() {
      server =
          await(vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1"));
    }

    void stop() {
      await(server.close());
    }

    private void handle(HttpServerRequest request) {
      if (request.path().equals("/health/ready")) {
        request.response().setStatusCode(ready ? 200 : 503).end();
      } else {
        asked.incrementAndGet();
        answer.accept(request);
      }
    }
  }

  /** What one address may ask here at once: enough for every other test. */
  private static final int ENOUGH = 2000;

  private final Stub first = new Stub();
  private final Stub second = new Stub();

  @BeforeEach
  void open() throws Exception {
    first.start();
    second.start();
    list(first, second);
    Place place =
        Place.of(
            Map.of(
                "PORT",
                Integer.toString(port),
                "DATA",
                data.toString(),
                "ADDRESS_RATE",
                "1/" + ENOUGH));
    Claim.on(place, List.of());
    vertx.runOnContext(
        now ->
            new FrontDoor(vertx, place, Replicas.following(vertx, data.resolve("processes.json")))
                .listen(port));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void ready_replicas_take_turns() {
    eventually("both are asked", () -> get() == 200 && first.asked.get() * second.asked.get() > 0);
    int before = first.asked.get();
    for (int i = 0; i < 10; i++) {
      assertThat(get()).isEqualTo(200);
    }
    assertThat(first.asked.get() - before).isEqualTo(5);
  }

  @Test
  void nothing_goes_to_a_replica_that_is_not_ready() {
    bothInUse();
    first.ready = false;
    eventually("it is noticed", () -> unasked(first));
    first.ready = true;
    eventually("it is asked again", () -> !unasked(first));
  }

  @Test
  void a_request_that_could_not_be_sent_goes_to_another_replica() {
    bothInUse();
    // No connection is kept: each request is sent over one of its own.
    first.answer =
        request -> request.response().setStatusCode(404).putHeader("connection", "close").end("{}");
    second.answer = first.answer;
    get();
    get();
    second.stop();
    // From the first moment on: no check has told the front door yet.
    for (int i = 0; i < 6; i++) {
      assertThat(get()).isEqualTo(404);
    }
  }

  @Test
  void nothing_more_goes_to_a_replica_that_closes_after_an_answer_for_it_is_leaving() {
    bothInUse();
    int before = first.asked.get();
    first.ready = false;
    first.answer = request -> request.response().putHeader("connection", "close").end("{}");
    for (int i = 0; i < 20; i++) {
      assertThat(get()).isEqualTo(200);
    }
    assertThat(first.asked.get() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void what_a_client_says_of_where_it_comes_from_is_not_passed_on() {
    bothInUse();
    AtomicReference<String> said = new AtomicReference<>();
    first.answer =
        request -> {
          said.set(request.getHeader("x-forwarded-for") + request.getHeader("forwarded"));
          request.response().end("{}");
        };
    second.answer = first.answer;

    await(
        client
            .get(port, "127.0.0.1", "/bars")
            .putHeader("X-Forwarded-For", "203.0.113.7")
            .putHeader("Forwarded", "for=203.0.113.7")
            .send());

    assertThat(said.get()).isEqualTo("127.0.0.1null");
  }

  @Test
  void an_address_that_asks_too_much_is_told_to_wait_and_no_service_is_asked() {
    bothInUse();
    eventually("it is too much", () -> get() == 429);
    int before = first.asked.get() + second.asked.get();

    HttpResponse<Buffer> answer = await(client.get(port, "127.0.0.1", "/bars").send());

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.getHeader("retry-after")).isEqualTo("1");
    assertThat(first.asked.get() + second.asked.get()).isEqualTo(before);
  }

  @Test
  void a_request_that_may_have_been_processed_is_not_sent_again() {
    bothInUse();
    first.answer = request -> request.connection().close();
    second.answer = first.answer;
    int before = first.asked.get() + second.asked.get();

    HttpResponse<Buffer> unknown =
        await(client.post(port, "127.0.0.1", "/orders").sendBuffer(Buffer.buffer("{}")));

    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(unknown.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(unknown.bodyAsJsonObject().getString("type")).isEqualTo("/problems/unknown");
    assertThat(first.asked.get() + second.asked.get()).isEqualTo(before + 1);
  }

  @Test
  void without_a_ready_replica_the_answer_says_when_to_come_back() throws Exception {
    bothInUse();
    list();
    eventually("nobody is there", () -> get() == 503);
    HttpResponse<Buffer> refused = await(client.get(port, "127.0.0.1", "/bars").send());
    assertThat(refused.getHeader("retry-after")).isEqualTo("1");
    assertThat(refused.bodyAsJsonObject().getString("type")).isEqualTo("/problems/unavailable");
  }

  @Test
  void a_new_process_is_asked_once_it_is_ready() throws Exception {
    bothInUse();
    Stub third = new Stub();
    third.ready = false;
    third.start();
    list(third);
    eventually("the others are left alone", () -> get() == 503);
    third.ready = true;
    eventually("it is asked", () -> get() == 200);
    assertThat(third.asked.get()).isPositive();
  }

  @Test
  void whoever_follows_a_feed_hears_when_the_way_to_the_service_breaks() throws Exception {
    first.answer = HttpServerRequest::toWebSocket;
    try (FaultyLink link = FaultyLink.to(first.port)) {
      new ProcessList(List.of(new ProcessList.Entry("view-1", "view", 1, link.port()))).write(data);
      WebSocket feed = follow();
      Promise<Void> ended = Promise.promise();
      feed.closeHandler(closed -> ended.complete());

      link.reset();

      await(ended.future());
    }
  }

  @Test
  void the_service_hears_when_whoever_followed_a_feed_is_cut_off() throws Exception {
    first.answer = HttpServerRequest::toWebSocket;
    new ProcessList(List.of(new ProcessList.Entry("view-1", "view", 1, first.port))).write(data);
    await(follow().close());
    Promise<Void> ended = Promise.promise();
    first.answer =
        request ->
            request
                .toWebSocket()
                .onSuccess(socket -> socket.closeHandler(closed -> ended.complete()));
    try (FaultyLink link = FaultyLink.to(port)) {
      WebSocket feed = await(sockets.connect(link.port(), "127.0.0.1", "/feed/bars/lobby"));

      link.reset();

      await(ended.future());
      eventually("the client hears it, too", feed::isClosed);
    }
  }

  @Test
  void a_refused_feed_gives_its_connection_back() throws Exception {
    bothInUse();
    first.answer = request -> request.response().setStatusCode(426).end("{}");
    new ProcessList(List.of(new ProcessList.Entry("view-1", "view", 1, first.port))).write(data);
    String upgrade = "Connection: Upgrade\r\nUpgrade: websocket";
    eventually("it is refused", () -> raw("GET /feed/my-orders", upgrade).contains(" 426 "));
    // More than the front door has for a service.
    for (int i = 0; i < 300; i++) {
      assertThat(raw("GET /feed/my-orders", upgrade)).contains(" 426 ");
    }
  }

  @Test
  void who_waits_to_be_told_to_go_on_with_the_body_is_told() throws Exception {
    bothInUse();
    String expecting = "Content-Length: 2\r\nExpect: 100-continue";
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String head = "POST /orders HTTP/1.1\r\nHost: x\r\n" + expecting + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));

      assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine())
          .startsWith("HTTP/1.1 100 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nonsense, X: y",
    "GET /bars, no colon",
    "POST /orders, Content-Length: -1",
    "POST /orders, Transfer-Encoding: xchunked",
    "POST /orders, 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'",
    "GET /feed/my-orders, 'Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2'",
  })
  void what_is_hardly_http_is_the_client_s_problem(String line, String header) throws Exception {
    bothInUse();
    assertThat(raw(line, header))
        .contains(" 400 ", "traceresponse: 00-", "application/problem+json", "\"status\":400");
  }

  /** What no decent client would send; what comes until the end of a body's object. */
  private String raw(String line, String header) throws IOException {
    String more = header.contains("Connection") ? "" : "Connection: close\r\n";
    String request = line + " HTTP/1.1\r\nHost: x\r\n" + more + header + "\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      InputStream in = socket.getInputStream();
      int next = in.read();
      while (next >= 0 && next != '}') {
        answer.append((char) next);
        next = in.read();
      }
      return answer.toString();
    }
  }

  /** Once the front door knows that the service is there. */
  private WebSocket follow() {
    AtomicReference<WebSocket> feed = new AtomicReference<>();
    eventually(
        "the feed is open",
        () -> {
          feed.set(
              await(
                  sockets
                      .connect(port, "127.0.0.1", "/feed/bars/lobby")
                      .otherwise(refused -> null)));
          return feed.get() != null;
        });
    return feed.get();
  }

  private void bothInUse() {
    eventually("both are asked", () -> get() == 200 && first.asked.get() * second.asked.get() > 0);
  }

  private boolean unasked(Stub stub) {
    int before = stub.asked.get();
    for (int i = 0; i < 4; i++) {
      get();
    }
    return stub.asked.get() == before;
  }

  private int get() {
    return await(
        client.get(port, "127.0.0.1", "/bars").send().map(HttpResponse::statusCode).otherwise(0));
  }

  private void list(Stub... stubs) throws IOException {
    listed.clear();
    for (Stub stub : stubs) {
      listed.add(new ProcessList.Entry("order-" + stub.port, "order", stub.port, stub.port));
    }
    new ProcessList(listed).write(data);
  }
}
