package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import cinema.shared.service.Identity;
import cinema.shared.service.Metrics;
import cinema.shared.testing.Tokens;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
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
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/**
 * Whatever is sent, the product answers it decently and works on: everything that the OpenAPI
 * document names, rightly and wrongly asked for, and what is no request at all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("it counts, and listens to, what happens in this JVM")
class FuzzTest {
  private static final long REQUESTS = Long.getLong("fuzz", 5000);
  private static final long SEED = Long.getLong("seed", ThreadLocalRandom.current().nextInt());

  /** So that one that failed can be sent again, without all that came before it. */
  private static final long FIRST = Long.getLong("first", 0);

  private static final int AT_ONCE = 32;
  private static final int PARTS = 4;

  private static final int MOST_LOGGED = 10;

  /** In KiB; half a MiB is usual, however many requests. */
  private static final long MOST_GROWTH = 4 * 1024;

  private static final Pattern BUSY =
      Pattern.compile("^cinema\\.shared\\.events\\.|BlockedThreadChecker$");

  @TempDir static Path data;

  private RunningProduct running;
  private Product product;
  private FuzzRequests requests;
  private FuzzFindings findings;
  private final FuzzValues values = new FuzzValues();

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
          if (told && !busy && logged.size() < MOST_LOGGED) {
            logged.add(event.toString());
          }
        }
      };

  @BeforeAll
  void send() throws Exception {
    System.out.println("Fuzzing with " + REQUESTS + " requests from seed " + SEED);
    running = new RunningProduct(data);
    product = running.product;
    findings = new FuzzFindings(SEED, running.place.port(), values);
    OpenAPIContract contract = await(OpenAPIContract.from(running.vertx(), "openapi.yaml"));
    requests = new FuzzRequests(SEED, running.place, contract, values, tokens());
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
    running.stop();
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
            .put("roles", JsonArray.of("staff"))
            .put("bars", JsonArray.of("lobby", "..", "%", "🍿", "", "a b", "x".repeat(700)));
    String oddly =
        Tokens.signed(
            running.vertx(),
            running.place.key("staff.private.json"),
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
                  try (FuzzCaller caller = new FuzzCaller(findings)) {
                    for (long n = next.getAndIncrement();
                        n < to && !findings.areEnough();
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
    assertThat(findings.all()).isEmpty();
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
