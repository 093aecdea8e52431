package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Operation.Cancel;
import cinema.chaos.Operation.Look;
import cinema.chaos.Operation.Place;
import cinema.chaos.Outcome.Acknowledged;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a front door that answers as a test says; time passes only where customers pause. */
class CustomersTest {
  private static final String MENU =
      """
      {"barId":"lobby","items":[
       {"itemId":"nachos","name":"N","price":1,"currency":"KRW","prepSeconds":1,"available":true}]}
      """;
  private static final String TAKEN =
      "{\"orderId\":\"" + Calls.ORDER + "\",\"pickupNumber\":7,\"status\":\"PLACED\"}";
  private static final String PROBLEM = "{\"type\":\"/problems/%s\"}";

  private record Answer(int status, String body) {}

  private final Queue<Answer> answers = new ArrayDeque<>();
  private final AtomicLong clock = new AtomicLong();
  private final History history = new History(clock::get);
  private final Pause pause = duration -> clock.addAndGet(duration.toNanos());
  private HttpServer server;
  private Cinema cinema;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/sessions", exchange -> answer(exchange, session()));
    server.createContext("/bars", exchange -> answer(exchange, new Answer(200, MENU)));
    server.createContext("/orders", exchange -> answer(exchange, answers.remove()));
    server.start();
    cinema = new Cinema(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void close() {
    cinema.close();
    server.stop(0);
  }

  private static Answer session() {
    return new Answer(201, "{\"token\":\"t\",\"customerId\":\"" + UUID.randomUUID() + "\"}");
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** One customer comes, who has so many tries. */
  private void oneCustomer(int tries, double cancel, double stranger) throws Exception {
    // Before the second could come, the evening is over.
    Customers.Manner manner = new Customers.Manner(1e-9, 1, 20, tries, cancel, 0, stranger, 0);
    Races races = new Races(Duration.ZERO);
    try (Customers customers = new Customers(cinema, history, races, manner, 1, pause)) {
      customers.arrive(List.of("lobby"));
      int[] asked = new int[1];
      // One customer, and then it is enough.
      customers.order(() -> asked[0]++ > 0);
    }
  }

  private List<Place> places() {
    return history.operations().stream()
        .map(Operation::ask)
        .filter(Place.class::isInstance)
        .map(Place.class::cast)
        .toList();
  }

  @Test
  void who_does_not_know_asks_again_for_the_same_with_the_same_key() throws Exception {
    answers.add(new Answer(503, PROBLEM.formatted("unknown")));
    answers.add(new Answer(409, PROBLEM.formatted("in-flight")));
    answers.add(new Answer(201, TAKEN));
    oneCustomer(8, 0, 0);
    assertThat(places()).hasSize(3).containsOnly(places().getFirst());
    assertThat(history.operations().getLast().outcome()).isInstanceOf(Acknowledged.class);
  }

  @Test
  void patience_ends() throws Exception {
    for (int i = 0; i < 3; i++) {
      answers.add(new Answer(500, PROBLEM.formatted("internal")));
    }
    oneCustomer(3, 0, 0);
    assertThat(places()).hasSize(3);
  }

  @Test
  void who_is_refused_for_good_does_not_ask_again() throws Exception {
    answers.add(new Answer(422, PROBLEM.formatted("invalid")));
    oneCustomer(8, 1, 1);
    assertThat(history.operations()).hasSize(1);
  }

  @Test
  void an_owner_takes_back_their_own_order_and_a_stranger_tries_to() throws Exception {
    answers.add(new Answer(201, TAKEN));
    answers.add(new Answer(404, PROBLEM.formatted("not-found")));
    answers.add(new Answer(404, PROBLEM.formatted("not-found")));
    answers.add(new Answer(202, "{}"));
    oneCustomer(8, 1, 1);
    UUID owner = places().getFirst().customerId();
    List<Operation> calls = history.operations();
    assertThat(calls).extracting(Operation::client).contains("stranger");
    assertThat(((Look) calls.get(1).ask()).customerId()).isNotEqualTo(owner);
    assertThat(((Cancel) calls.get(2).ask()).customerId()).isNotEqualTo(owner);
    assertThat(calls.get(3).ask()).isEqualTo(new Cancel(owner, Calls.ORDER));
  }
}
