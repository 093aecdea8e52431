package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.chaos.Cinema.Session;
import cinema.chaos.Operation.Wish;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import cinema.shared.contract.OrderStatus;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CinemaTest {
  private static final UUID ORDER = new UUID(1, 1);
  private static final Session GUEST = new Session(new UUID(2, 1), "guest's");
  private static final Wish WISH = new Wish("lobby", "2*cola-m 1*nachos", "Mina");
  private static final Duration SHORT = Duration.ofMillis(200);

  private HttpServer server;
  private ServerSocket socket;
  private Cinema cinema;
  private volatile String asked = "";

  @AfterEach
  void close() throws IOException {
    if (cinema != null) {
      cinema.close();
    }
    if (server != null) {
      server.stop(0);
    }
    if (socket != null) {
      socket.close();
    }
  }

  /** Every request gets this answer. */
  private void answers(int status, String body) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked =
              "%s %s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization"),
                      exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                      new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
    server.start();
    cinema = new Cinema(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  /** Every connection is read a little, told this, and closed or left open. */
  private void says(String words, boolean closes, Duration patience) throws IOException {
    ServerSocket here = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    socket = here;
    Thread.ofVirtual().start(() -> hear(here, words, closes));
    cinema = new Cinema(URI.create("http://127.0.0.1:" + here.getLocalPort()), patience);
  }

  private static void hear(ServerSocket here, String words, boolean closes) {
    try {
      while (true) {
        Socket client = here.accept();
        assertThat(client.getInputStream().read()).isPositive();
        client.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
        if (closes) {
          client.close();
        }
      }
    } catch (IOException e) {
      assertThat(here.isClosed()).as("the test is over").isTrue();
    }
  }

  private Outcome place() throws InterruptedException {
    return cinema.place(GUEST, "key-1", WISH);
  }

  private Outcome cancel() throws InterruptedException {
    return cinema.cancel(GUEST, ORDER);
  }

  private Outcome start() throws InterruptedException {
    return cinema.step("staff's", "lobby", ORDER, BarStep.START);
  }

  private static String problem(String word) {
    return "{\"type\":\"/problems/" + word + "\",\"title\":\"x\",\"status\":400}";
  }

  @Test
  void an_order_taken_is_acknowledged_with_its_number() throws Exception {
    answers(
        201, "{\"orderId\":\"" + ORDER + "\",\"pickupNumber\":7,\"status\":\"PLACED\",\"x\":1}");
    assertThat(place()).isEqualTo(new Acknowledged(201, ORDER, OrderStatus.PLACED, 7));
    assertThat(asked)
        .startsWith("POST /orders Bearer guest's key-1 {")
        .contains("\"barId\":\"lobby\"", "\"note\":\"key-1\"", "\"name\":\"Mina\"")
        .contains("{\"itemId\":\"cola-m\",\"quantity\":2},{\"itemId\":\"nachos\",\"quantity\":1}");
  }

  @Test
  void a_step_and_a_cancel_are_acknowledged_with_where_the_order_stands() throws Exception {
    answers(200, "{\"orderId\":\"" + ORDER + "\",\"status\":\"CANCELLED\"}");
    assertThat(cancel()).isEqualTo(new Acknowledged(200, ORDER, OrderStatus.CANCELLED, 0));
    assertThat(asked).startsWith("DELETE /orders/" + ORDER + " Bearer guest's");
    assertThat(start()).isEqualTo(new Acknowledged(200, ORDER, OrderStatus.CANCELLED, 0));
    assertThat(asked).startsWith("POST /bars/lobby/orders/" + ORDER + "/start Bearer staff's");
    assertThat(cinema.step("t", "lobby", ORDER, BarStep.REJECT)).isInstanceOf(Acknowledged.class);
    assertThat(asked).contains("/reject", "{\"reason\":");
  }

  @Test
  void a_cancel_that_the_bar_has_not_answered_is_pending() throws Exception {
    answers(202, "{\"orderId\":\"" + ORDER + "\",\"status\":\"CANCELLING\"}");
    assertThat(cancel()).isEqualTo(new Pending());
  }

  @Test
  void what_is_refused_says_why_and_where_the_order_stands() throws Exception {
    answers(409, "{\"type\":\"/problems/too-late\",\"orderStatus\":\"PREPARING\"}");
    assertThat(cancel()).isEqualTo(new Refused(409, "too-late", OrderStatus.PREPARING));
  }

  @Test
  void a_refusal_needs_no_words() throws Exception {
    answers(404, "");
    assertThat(cancel()).isEqualTo(new Refused(404, "", null));
  }

  @Test
  void overload_is_a_refusal() throws Exception {
    answers(429, problem("too-many"));
    assertThat(place()).isEqualTo(new Refused(429, "too-many", null));
  }

  @Test
  void unavailable_is_a_refusal_of_an_order_but_says_nothing_of_a_step_or_a_cancel()
      throws Exception {
    answers(503, problem("unavailable"));
    assertThat(place()).isEqualTo(new Refused(503, "unavailable", null));
    assertThat(cancel()).isInstanceOf(Unknown.class);
    assertThat(start()).isInstanceOf(Unknown.class);
  }

  @Test
  void a_503_that_does_not_know_or_does_not_say_is_not_knowing() throws Exception {
    answers(503, problem("unknown"));
    assertThat(place()).isInstanceOf(Unknown.class);
    server.stop(0);
    answers(503, "<html>");
    assertThat(place()).isInstanceOf(Unknown.class);
    server.stop(0);
    answers(503, "{}");
    assertThat(place()).isInstanceOf(Unknown.class);
  }

  @Test
  void any_other_failure_of_the_server_is_not_knowing() throws Exception {
    answers(500, problem("internal"));
    assertThat(place()).isInstanceOf(Unknown.class);
    server.stop(0);
    answers(502, "");
    assertThat(place()).isInstanceOf(Unknown.class);
  }

  @Test
  void a_yes_that_cannot_be_read_is_not_knowing() throws Exception {
    answers(201, "{\"orderId\":");
    assertThat(place()).isInstanceOf(Unknown.class);
    server.stop(0);
    answers(302, "");
    assertThat(place()).isInstanceOf(Unknown.class);
  }

  @Test
  void nobody_there_is_a_refusal() throws Exception {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      cinema = new Cinema(URI.create("http://127.0.0.1:" + closed.getLocalPort()));
    }
    assertThat(place()).isEqualTo(new Refused(0, "not-connected", null));
  }

  @Test
  void a_connection_that_is_closed_without_an_answer_is_not_knowing() throws Exception {
    says("", true, Duration.ofSeconds(5));
    assertThat(place()).isInstanceOf(Unknown.class);
    assertThat(cancel()).isInstanceOf(Unknown.class);
  }

  @Test
  void silence_is_not_knowing() throws Exception {
    says("", false, SHORT);
    assertThat(place()).isInstanceOf(Unknown.class);
  }

  @Test
  void an_answer_that_breaks_off_or_never_ends_is_not_knowing() throws Exception {
    String half = "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"orderId\":";
    says(half, true, Duration.ofSeconds(5));
    assertThat(place()).isInstanceOf(Unknown.class);
    socket.close();
    says(half, false, SHORT);
    assertThat(place()).isInstanceOf(Unknown.class);
  }

  @Test
  void what_is_no_http_is_not_knowing() throws Exception {
    says("220 smtp.example.com ready\r\n", true, Duration.ofSeconds(5));
    assertThat(place()).isInstanceOf(Unknown.class);
  }

  @Test
  void asks_for_sessions_tokens_and_menus() throws Exception {
    answers(201, "{\"token\":\"t\",\"customerId\":\"" + ORDER + "\"}");
    assertThat(cinema.openSession()).isEqualTo(new Session(ORDER, "t"));
    assertThat(cinema.staffToken(List.of("lobby"))).isEqualTo("t");
    assertThat(asked).contains("/dev/tokens", "\"bars\":[\"lobby\"]");
    server.stop(0);
    answers(
        200,
        """
        {"barId":"lobby","items":[
         {"itemId":"a","name":"A","price":1,"currency":"KRW","prepSeconds":1,"available":true},
         {"itemId":"b","name":"B","price":1,"currency":"KRW","prepSeconds":1,"available":false}]}
        """);
    assertThat(cinema.menu("lobby")).containsExactly("a");
    server.stop(0);
    answers(503, problem("unavailable"));
    assertThatThrownBy(cinema::openSession)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("503");
  }
}
