package cinema.local;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FaultyLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.ext.web.client.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients say, follow and break off at the front door, decent ones and others. */
class FrontDoorClientsTest extends FrontDoorBench {
  private final WebSocketClient sockets = vertx.createWebSocketClient();

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
    await(Future.join(Stream.generate(this::bars).limit(ENOUGH).toList()));
    // One more may be asked each second that passes meanwhile.
    eventually("it is too much", () -> get() == 429);
    int before = first.asked.get() + second.asked.get();

    HttpResponse<Buffer> answer = await(bars());

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.getHeader("retry-after")).isEqualTo("1");
    assertThat(first.asked.get() + second.asked.get()).isEqualTo(before);
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
}
