package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import cinema.local.FuzzConnection.Answer;
import cinema.local.FuzzConnection.Frame;
import cinema.local.FuzzRequests.Manner;
import cinema.local.FuzzRequests.Request;
import cinema.servers.FreePort;
import cinema.shared.service.Identity;
import cinema.shared.service.Metrics;
import cinema.shared.testing.Tokens;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whatever is sent, the product answers it decently and works on: everything that the OpenAPI
 * document names, rightly and wrongly asked for, and what is no request at all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzTest {
  private static final long REQUESTS = Long.getLong("fuzz", 5000);
  private static final long SEED = Long.getLong("seed", ThreadLocalRandom.current().nextInt());

  /** So that one that failed can be sent again, without all that came before it. */
  private static final long FIRST = Long.getLong("first", 0);

  private static final int AT_ONCE = 32;
  private static final int PARTS = 4;

  /** One in so many callers that do not wait for an end is suddenly gone. */
  private static final int BREAK_OFF = 8;

  private static final int MOST_FINDINGS = 10;
  private static final int MOST_SHOWN = 2000;

  /** In KiB; half a MiB is usual, however many requests. */
  private static final long MOST_GROWTH = 4 * 1024;

  private static final Pattern INSIDE =
      Pattern.compile(
          "\\tat |Exception|Throwable|\\bcinema\\.|io\\.vertx|io\\.netty|\\bjava[x]?\\.|SQLSTATE"
              + "|INSERT INTO|SELECT |UPDATE \\w+ SET|DELETE FROM|unnest\\(|duplicate key|violates");

  private static final Pattern BUSY =
      Pattern.compile("^cinema\\.shared\\.events\\.|BlockedThreadChecker$");

  private static final Pattern TRACE = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  @TempDir static Path data;

  private OneProcess intermission;
  private Place place;
  private Product product;
  private FuzzRequests requests;
  private final FuzzValues values = new FuzzValues();

  /** The first of each kind. */
  private final Map<String, String> findings = new ConcurrentHashMap<>();

  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final List<Long> heap = new ArrayList<>();

  /**
   * Nothing that comes from outside is worth more than a word at level INFO. That Kafka or an event
   * loop is slow for a while is said of a busy machine, whatever it is asked.
   */
  private final AppenderBase<ILoggingEvent> ear =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          boolean grave = event.getLevel().isGreaterOrEqual(Level.ERROR);
          boolean told = grave || event.getLevel().equals(Level.WARN);
          boolean busy = !grave && BUSY.matcher(event.getLoggerName()).find();
          if (told && !busy && logged.size() < MOST_FINDINGS) {
            logged.add(event.toString());
          }
        }
      };

  @BeforeAll
  void send() throws Exception {
    System.out.println("Fuzzing with " + REQUESTS + " requests from seed " + SEED);
    int port = FreePort.findRow(Place.PORTS);
    place =
        Place.of(
            Map.of("PORT", Integer.toString(port), "DATA", data.toString(), "RATE_LIMITS", "off"));
    intermission = new OneProcess(place, line -> {});
    intermission.start();
    product = new Product(intermission.vertx(), port);
    OpenAPIContract contract = await(OpenAPIContract.from(intermission.vertx(), "openapi.yaml"));
    requests = new FuzzRequests(SEED, place, contract, values, tokens());
    ear.start();
    log().addAppender(ear);
    for (int part = 0; part < PARTS; part++) {
      send(FIRST + REQUESTS * part / PARTS, FIRST + REQUESTS * (part + 1) / PARTS);
      heap.add(usedHeap());
    }
    System.out.println("Heap after each quarter, in KiB: " + heap);
  }

  @AfterAll
  void stop() throws Exception {
    log().detachAppender(ear);
    intermission.stop();
  }

  /**
   * Staff of odd places, too: what a bar is called is for the cinema's identity provider to say.
   */
  private Map<String, List<String>> tokens() {
    List<String> customers = List.of(product.customer(), product.customer(), product.customer());
    String everywhere = product.staffOf("lobby", "roof");
    JsonObject odd =
        new JsonObject()
            .put("sub", "fuzz")
            .put("exp", Instant.now().plus(Duration.ofHours(12)).getEpochSecond())
            .put("bars", JsonArray.of("lobby", "..", "%", "🍿", "", "a b", "x".repeat(700)));
    String oddly =
        Tokens.signed(
            intermission.vertx(),
            place.key("staff.private.json"),
            Identity.DEV_ISSUER,
            Identity.AUDIENCE,
            odd);
    return Map.of("customer", customers, "staff", List.of(everywhere, everywhere, oddly));
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private void send(long from, long to) throws Exception {
    AtomicLong next = new AtomicLong(from);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calling = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        calling.add(
            callers.submit(
                () -> {
                  try (Caller caller = new Caller()) {
                    for (long n = next.getAndIncrement();
                        n < to && findings.size() < MOST_FINDINGS;
                        n = next.getAndIncrement()) {
                      caller.send(requests.request(n));
                    }
                  }
                }));
      }
      for (Future<?> each : calling) {
        each.get();
      }
    }
  }

  /** Sends one request after the other, over connections that are kept where that is possible. */
  private final class Caller implements AutoCloseable {
    private final Map<Integer, FuzzConnection> kept = new HashMap<>();

    void send(Request request) {
      try {
        switch (request.manner()) {
          case ANSWERED, EXPECTING -> sendWhole(request);
          case REFUSED, CUT_SHORT -> sendOdd(request);
          case FEED -> sendFeed(request);
        }
      } catch (SocketTimeoutException hanging) {
        found(request, "neither answered nor closed", null);
      } catch (IOException | RuntimeException unreadable) {
        found(request, "not to be understood: " + unreadable, null);
      }
    }

    private void sendWhole(Request request) throws IOException {
      FuzzConnection connection = kept.remove(request.port());
      Answer answer = connection == null ? null : ask(connection, request);
      if (answer == null) {
        // It was closed meanwhile, as servers may; on a new one there is no such excuse.
        connection = new FuzzConnection(request.port());
        answer = ask(connection, request);
      }
      if (answer == null) {
        found(request, "closed without an answer", null);
        connection.close();
      } else if (answer.header("connection").equals("close") || answer.status() == 101) {
        connection.close();
      } else {
        kept.put(request.port(), connection);
      }
    }

    /**
     * @return null when the connection was closed instead
     */
    private Answer ask(FuzzConnection connection, Request request) throws IOException {
      try {
        connection.write(bytes(request.bytes()));
        Answer answer = connection.answer(request.toHead());
        if (answer != null && answer.status() == 100) {
          connection.write(bytes(request.later()));
          answer = connection.answer(request.toHead());
        } else if (answer != null && request.manner() == Manner.EXPECTING) {
          answer.headers().put("connection", "close"); // what it did not want is not sent
        }
        if (answer != null) {
          check(request, answer);
        }
        return answer;
      } catch (EOFException | SocketException closed) {
        connection.close();
        return null;
      }
    }

    private void sendOdd(Request request) throws IOException {
      try (FuzzConnection connection = new FuzzConnection(request.port())) {
        connection.write(bytes(request.bytes()));
        boolean open = request.manner() != Manner.REFUSED || checkAnswer(request, connection);
        while (open && !connection.isQuiet()) {
          open = checkAnswer(request, connection);
        }
        if (request.number() % BREAK_OFF == 0) {
          connection.breakOff();
          return;
        }
        connection.endOutput();
        while (open) {
          open = checkAnswer(request, connection);
        }
      } catch (EOFException | SocketException closed) {
        // In the middle of an answer, too: whoever breaks off does not hear the end.
      }
    }

    private boolean checkAnswer(Request request, FuzzConnection connection) throws IOException {
      Answer answer = connection.answer(request.toHead());
      if (answer != null && answer.status() != 100) {
        check(request, answer);
      }
      return answer != null;
    }

    private void sendFeed(Request request) throws IOException {
      try (FuzzConnection connection = new FuzzConnection(request.port())) {
        connection.write(bytes(request.bytes()));
        Answer answer = connection.answer(request.toHead());
        if (answer == null) {
          found(request, "closed without an answer", null);
          return;
        }
        check(request, answer);
        if (answer.status() != 101) {
          return;
        }
        connection.write(bytes(request.later()));
        if (request.number() % BREAK_OFF == 0) {
          connection.breakOff();
          return;
        }
        if (request.operation().endsWith("cut short")) {
          connection.endOutput();
        }
        for (Frame frame = connection.frame(); frame != null; frame = connection.frame()) {
          check(request, frame);
        }
      } catch (EOFException | SocketException closed) {
        // As it has to be, in the end.
      }
    }

    @Override
    public void close() {
      kept.values().forEach(FuzzConnection::close);
    }
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void check(Request request, Answer answer) {
    String trace = answer.header("traceresponse");
    if (answer.status() >= 500) {
      found(request, "a mistake of ours", answer);
    } else if (!TRACE.matcher(trace).matches()) {
      found(request, "no trace", answer);
    } else if (request.trace() != null && !trace.contains(request.trace())) {
      found(request, "the answer to another request", answer);
    } else if (answer.status() >= 400 && answer.body().length > 0 && !isProblem(answer)) {
      found(request, "an error that is no problem", answer);
    } else if (!isPage(answer) && INSIDE.matcher(answer.text()).find()) {
      found(request, "tells what is inside", answer);
    } else if (request.port() == place.port() && answer.text().contains("# HELP")) {
      found(request, "tells everybody what is for operators", answer);
    } else if (answer.status() / 100 == 2) {
      values.learn(answer.text().substring(0, Math.min(answer.text().length(), MOST_SHOWN)));
    }
  }

  private static boolean isProblem(Answer answer) {
    try {
      JsonObject problem = new JsonObject(answer.text());
      return answer.header("content-type").equals("application/problem+json")
          && problem.getValue("type") instanceof String
          && problem.getValue("title") instanceof String
          && Integer.valueOf(answer.status()).equals(problem.getValue("status"));
    } catch (DecodeException e) {
      return false;
    }
  }

  /** What is written for people may speak of anything. */
  private static boolean isPage(Answer answer) {
    return answer.header("content-type").matches("(text/|application/yaml).*");
  }

  private void check(Request request, Frame frame) {
    String text = new String(frame.payload(), StandardCharsets.UTF_8);
    if (INSIDE.matcher(text).find()) {
      Answer said = new Answer(frame.opcode(), Map.of(), frame.payload());
      found(request, "a frame as none should be", said);
    }
    values.learn(text.substring(0, Math.min(text.length(), MOST_SHOWN)));
  }

  /**
   * @param answer null for none
   */
  private void found(Request request, String what, Answer answer) {
    String came =
        answer == null
            ? ""
            : "\n  %d %s%n  %s"
                .formatted(
                    answer.status(),
                    answer.headers(),
                    answer.text().substring(0, Math.min(answer.text().length(), MOST_SHOWN)));
    findings.putIfAbsent(
        what + " by " + request.operation(),
        "-Dseed=%d -Dfirst=%s%s%n".formatted(SEED, request, came));
  }

  private static long usedHeap() {
    var memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least / 1024;
  }

  @Test
  void every_answer_is_as_it_should_be_and_nobody_is_left_without_one() {
    assertThat(findings).isEmpty();
  }

  @Test
  void the_log_has_nothing_to_say_about_it() {
    assertThat(logged).as("seed " + SEED).isEmpty();
  }

  /** The front door keeps some to each service, for what may come next. */
  @Test
  void connections_are_given_back() {
    eventually(
        "no more are open than were needed at once",
        () ->
            figure("server.active.connections") > 0
                && figure("server.active.connections") < 2 * AT_ONCE);
    eventually("no feed is open", () -> figure("server.active.ws.connections") == 0);
  }

  private static double figure(String name) {
    return Metrics.registry().get("vertx.http." + name).gauges().stream()
        .mapToDouble(Gauge::value)
        .sum();
  }

  /**
   * What is kept for each request becomes ever more. What the first quarter has filled (pools,
   * caches, figures by name) is not counted, and what comes and goes by chance is far less.
   */
  @Test
  void the_heap_does_not_grow_with_the_requests() {
    assertThat(heap.getLast() - heap.getFirst())
        .as("KiB more after all of it, seed " + SEED)
        .isLessThan(MOST_GROWTH);
  }

  @Test
  void an_order_is_placed_and_taken_back_as_ever() {
    String staff = product.staffOf("lobby");
    JsonObject there = new JsonObject().put("available", true).putNull("stock");
    assertThat(product.patch("/bars/lobby/menu/cola-m").by(staff).send(there).status())
        .isEqualTo(200);
    String customer = product.customer();
    eventually(
        "it is sold again",
        () -> product.post("/orders").by(customer).send(cola("After")).status() == 201);
    String orderId = product.placed(customer, cola("After")).getString("orderId");
    assertThat(product.delete("/orders/" + orderId).by(customer).send().status()).isEqualTo(200);
  }
}
