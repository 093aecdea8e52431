package cinema.shared.service;

import static cinema.shared.service.WebServer.answering;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class WebServerTest {
  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE_ID + "-b7ad6b7169203331-01";
  private static final AtomicReference<Supplier<Future<Boolean>>> CONDITION =
      new AtomicReference<>(() -> Future.succeededFuture(true));

  private static Bench bench;
  private static int port;
  private static WebClient client;

  @BeforeAll
  static void listen() {
    bench = Bench.of("web");
    WebServer server = new WebServer(bench.vertx(), bench.settings());
    var routes = server.router();
    routes
        .get("/trace")
        .handler(
            answering(context -> Future.succeededFuture(Answer.ok(WebServer.traceOf(context)))));
    routes
        .get("/client-port")
        .handler(
            context -> context.end(Integer.toString(context.request().remoteAddress().port())));
    routes.get("/size/:of").handler(context -> context.end("7"));
    routes.delete("/size/:of").handler(context -> context.end("0"));
    routes.post("/size").handler(context -> context.end(Integer.toString(context.body().length())));
    routes
        .get("/mistake")
        .handler(
            context -> {
              throw new IllegalStateException("secret");
            });
    routes
        .get("/mistake/in-answer")
        .handler(
            answering(
                context -> {
                  throw new NullPointerException("secret");
                }));
    routes
        .get("/mistake/later")
        .handler(answering(context -> Future.failedFuture(new StackOverflowError("secret"))));
    routes
        .route("/passing")
        .handler(answering(context -> Future.failedFuture("secret: connection lost")));
    routes
        .post("/never-asked")
        .handler(answering(context -> Future.failedFuture(new ConnectException("secret"))));
    routes
        .get("/refusal")
        .handler(
            answering(
                context -> {
                  throw Problem.forbidden("Not you.").thrown();
                }));
    routes.get("/picky").handler(context -> context.fail(new HttpException(406)));
    routes.post("/json").consumes("application/json").handler(context -> context.end());
    server.health().readyWhen("database", () -> CONDITION.get().get());
    port = await(server.listen()).actualPort();
    client =
        WebClient.create(
            bench.vertx(),
            new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
            // One connection, to see that it lives.
            new PoolOptions().setHttp1MaxSize(1));
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void every_answer_carries_the_trace_that_came_with_its_request() {
    for (String path : new String[] {"/trace", "/mistake", "/nowhere", "/health/ready"}) {
      HttpResponse<Buffer> answer =
          await(client.get(path).putHeader("traceparent", TRACEPARENT).send());
      assertThat(answer.getHeader("traceresponse")).matches("00-" + TRACE_ID + "-[0-9a-f]{16}-01");
    }
    assertThat(get("/trace").getHeader("traceresponse")).doesNotContain(TRACE_ID);
  }

  @Test
  void every_answer_is_data_and_nobody_s_but_the_caller_s() {
    for (String path :
        new String[] {"/trace", "/mistake", "/nowhere", "/health/live", "/metrics"}) {
      HttpResponse<Buffer> answer = get(path);
      assertThat(answer.getHeader("x-content-type-options")).isEqualTo("nosniff");
      assertThat(answer.getHeader("cache-control")).isEqualTo("no-store");
      assertThat(answer.getHeader("content-security-policy")).startsWith("default-src 'none';");
      assertThat(answer.getHeader("access-control-allow-origin")).isNull();
    }
  }

  @Test
  void a_handler_knows_the_trace_and_the_caller_s_own_word_for_it() {
    JsonObject trace =
        await(
                client
                    .get("/trace")
                    .putHeader("traceparent", TRACEPARENT)
                    .putHeader("x-correlation-id", "G12")
                    .send())
            .bodyAsJsonObject();
    assertThat(trace.getString("traceId")).isEqualTo(TRACE_ID);
    assertThat(trace.getString("correlationId")).isEqualTo("G12");
  }

  @ParameterizedTest
  @CsvSource({"/size, POST", "/size/popcorn, 'DELETE, GET'"})
  void who_may_not_do_that_is_told_what_may_be_done(String path, String methods) {
    var refused = await(client.request(HttpMethod.PUT, path).send());
    assertProblem(refused, 405, "method-not-allowed");
    assertThat(refused.getHeader("allow")).isEqualTo(methods);
  }

  @Test
  void what_is_not_there_or_not_allowed_is_a_problem() {
    assertProblem(get("/nowhere"), 404, "not-found");
    assertProblem(await(client.request(HttpMethod.PUT, "/size").send()), 405, "method-not-allowed");
    assertProblem(get("/picky"), 406, "bad-request");
    assertProblem(
        await(
            client
                .post("/json")
                .putHeader("content-type", "text/plain")
                .sendBuffer(Buffer.buffer("x"))),
        415,
        "media-type");
    assertProblem(get("/refusal"), 403, "forbidden");
  }

  @Test
  void a_body_may_have_sixteen_kibibytes_and_not_one_byte_more() {
    assertThat(await(client.post("/size").sendBuffer(bytes(16 * 1024))).bodyAsString())
        .isEqualTo("16384");
    HttpResponse<Buffer> declared = await(client.post("/size").sendBuffer(bytes(16 * 1024 + 1)));
    assertProblem(declared, 413, "too-large");
    assertThat(declared.bodyAsJsonObject().getInteger("limit")).isEqualTo(16384);
  }

  @Test
  void a_body_of_unknown_length_is_bounded_too() throws IOException {
    String answer =
        raw(
            "POST /size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("1000\r\n" + "x".repeat(4096) + "\r\n").repeat(5)
                + "0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("/problems/too-large");
  }

  static Stream<Arguments> unreadable() {
    String form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3";
    return Stream.of(
        Arguments.of("GET /%zz HTTP/1.1\r\nHost: x", 400),
        Arguments.of("GET /trace?%zz=%zz HTTP/1.1\r\nHost: x", 400),
        Arguments.of("GET /nowhere?% HTTP/1.1\r\nHost: x", 400),
        Arguments.of("GET /trace HTTP/1.1\r\nNo: host", 400),
        Arguments.of("GET trace HTTP/1.1\r\nHost: x", 404),
        Arguments.of("nonsense", 400),
        Arguments.of("GET /trace HTTP/1.1\r\nHost: x\r\nno header", 400),
        Arguments.of("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x", 414),
        Arguments.of("GET / HTTP/1.1\r\nHost: x\r\nToo-Long: " + "x".repeat(9000), 431),
        Arguments.of("POST /size HTTP/1.1\r\nHost: x\r\n" + form + "\r\n\r\n%zz", 415));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void what_is_hardly_http_is_the_client_s_problem(String request, int status) throws IOException {
    String answer = raw(request.replaceFirst("(\r\n|$)", "\r\nConnection: close$1") + "\r\n\r\n");
    assertThat(answer)
        .contains(
            " " + status + " ",
            "traceresponse: 00-",
            "application/problem+json",
            "\"status\":" + status);
  }

  @Test
  void a_body_that_cannot_be_read_or_breaks_off_is_no_mistake_of_ours() throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(WebServer.class);
    logger.addAppender(log);
    String head = "POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    assertThat(raw(head + "zz\r\n")).doesNotContain(" 500 ");
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write((head + "2\r\n{").getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).isNegative();
    }

    logger.detachAppender(log);
    assertThat(log.list).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mistake", "/mistake/in-answer", "/mistake/later"})
  void a_mistake_of_ours_is_answered_without_details_and_the_connection_works_on(String path) {
    String before = get("/client-port").bodyAsString();
    HttpResponse<Buffer> answer = get(path);
    assertProblem(answer, 500, "internal");
    assertThat(answer.bodyAsString()).doesNotContain("secret", "Exception", "Error");
    assertThat(get("/client-port").bodyAsString()).isEqualTo(before);
  }

  @Test
  void a_change_is_not_said_to_have_failed_when_it_may_have_been_made() {
    HttpResponse<Buffer> answer = await(client.post("/passing").send());
    assertProblem(answer, 503, "unknown");
    assertThat(answer.getHeader("retry-after")).isEqualTo("1");
    assertThat(answer.bodyAsString()).doesNotContain("secret");
    assertProblem(await(client.post("/never-asked").send()), 503, "unavailable");
  }

  @Test
  void what_may_pass_is_worth_another_try() {
    HttpResponse<Buffer> answer = get("/passing");
    assertProblem(answer, 503, "unavailable");
    assertThat(answer.getHeader("retry-after")).isEqualTo("1");
    assertThat(answer.bodyAsString()).doesNotContain("secret");
    assertThat(answer.bodyAsJsonObject().fieldNames())
        .containsExactlyInAnyOrder("type", "title", "status", "detail");
  }

  @Test
  void a_service_is_ready_only_while_its_conditions_hold() {
    CONDITION.set(() -> Future.succeededFuture(false));
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    CONDITION.set(() -> Future.failedFuture("the database is away"));
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    CONDITION.set(
        () -> {
          throw new IllegalStateException("not started");
        });
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    CONDITION.set(() -> Future.future(never -> {}));
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/started").statusCode()).isEqualTo(200);
    CONDITION.set(() -> Future.succeededFuture(true));
    HttpResponse<Buffer> ready = get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.bodyAsString()).contains("database");
  }

  @Test
  void a_port_that_is_taken_is_named() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String taken = Integer.toString(other.getLocalPort());
      WebServer server =
          new WebServer(bench.vertx(), bench.settings().with(Map.of("HTTP_PORT", taken)));
      assertThatThrownBy(() -> await(server.listen()))
          .hasMessageContaining("port " + taken + " cannot be used");
    }
  }

  private static HttpResponse<Buffer> get(String path) {
    return await(client.get(path).send());
  }

  private static void assertProblem(HttpResponse<Buffer> answer, int status, String type) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
    JsonObject problem = answer.bodyAsJsonObject();
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("type")).isEqualTo("/problems/" + type);
    assertThat(problem.getString("title")).isNotBlank();
  }

  private static Buffer bytes(int size) {
    return Buffer.buffer("x".repeat(size));
  }

  /** What no decent client would send; answers with all that comes until the server closes. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
