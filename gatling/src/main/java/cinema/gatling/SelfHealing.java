package cinema.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What customers and staff notice when a process is killed: in a {@code ./run cluster}, one process
 * after another is sent SIGKILL while {@code RATE} requests a second go on, a quarter to each
 * service, on a fixed schedule and without a second try. A request has failed when nobody answered,
 * or the answer is 5xx. How soon the next process is ready counts from its own start; what each
 * takes of the memory is told before and after.
 */
public final class SelfHealing {
  private static final String BAR = "lobby";
  private static final List<String> SERVICES = List.of("order", "snackbar", "alarm", "view");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One request: when it was due after the kill, in nanoseconds, and whether it failed. */
  private record Asked(long due, boolean failed) {}

  private final Settings settings = Settings.ofProcess();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String customer;
  private String staff;
  private String item;

  private SelfHealing() {}

  /** Settings come from system properties or the environment: see README.md. */
  public static void main(String[] arguments) throws Exception {
    new SelfHealing().run();
    System.exit(0); // threads of the client
  }

  private void run() throws Exception {
    try (Cinema cinema = new Cinema(settings.baseUrl())) {
      customer = cinema.openSession();
      staff = cinema.staffToken(BAR);
      item = cinema.menu(BAR).get(0);
    }
    String atRest = memory();
    ask(settings.warmupSeconds(), System.nanoTime());
    System.out.printf(
        "%-12s%10s%10s%10s%14s%14s%n",
        "killed", "requests", "failed", "share", "last failed", "ready after");
    for (int round = 0; round < settings.rolls(); round++) {
      for (String service : SERVICES) {
        kill(service + "-1");
      }
    }
    System.out.printf(
        "%nresident MiB at rest:    %s%nresident MiB under load: %s%n", atRest, memory());
  }

  private void kill(String name) throws Exception {
    long before = entry(name).path("pid").asLong();
    ProcessHandle.of(before).orElseThrow().destroyForcibly();
    long killed = System.nanoTime();
    CompletableFuture<Duration> ready = CompletableFuture.supplyAsync(() -> next(name, before));
    Queue<Asked> asked = ask(settings.seconds(), killed);
    long failed = asked.stream().filter(Asked::failed).count();
    long last = asked.stream().filter(Asked::failed).mapToLong(Asked::due).max().orElse(0);
    System.out.printf(
        "%-12s%10d%10d%9.2f%%%12.2f s%12.2f s%n",
        name,
        asked.size(),
        failed,
        100.0 * failed / asked.size(),
        last / 1e9,
        ready.get(1, TimeUnit.MINUTES).toMillis() / 1e3);
  }

  /** How long after its start the process was ready that has come in the place of another. */
  private Duration next(String name, long before) {
    try {
      while (entry(name).path("pid").asLong(before) == before) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      JsonNode process = entry(name);
      URI ready = URI.create("http://127.0.0.1:" + process.path("port").asInt() + "/health/ready");
      HttpRequest question = HttpRequest.newBuilder(ready).timeout(PATIENCE).build();
      while (!isReady(question)) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      Instant now = Instant.now();
      ProcessHandle here = ProcessHandle.of(process.path("pid").asLong()).orElseThrow();
      return Duration.between(here.info().startInstant().orElseThrow(), now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady(HttpRequest question) {
    try {
      return client.send(question, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What each process takes of the memory, as far as the system tells. */
  private String memory() throws IOException {
    StringBuilder text = new StringBuilder();
    for (JsonNode each : list()) {
      Path status = Path.of("/proc", each.path("pid").asText(), "status");
      for (String line : Files.exists(status) ? Files.readAllLines(status) : List.<String>of()) {
        if (line.startsWith("VmRSS:")) {
          long kibibytes = Long.parseLong(line.replaceAll("\\D", ""));
          text.append(each.path("name").asText()).append(' ').append(kibibytes / 1024).append("  ");
        }
      }
    }
    return text.toString();
  }

  private JsonNode list() throws IOException {
    return JSON.readTree(Files.readString(settings.data().resolve("processes.json")));
  }

  /** The process of this name, as the run says; empty while there is none. */
  private JsonNode entry(String name) throws IOException {
    for (JsonNode each : list()) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    return JSON.createObjectNode();
  }

  private Queue<Asked> ask(int seconds, long start) {
    Queue<Asked> all = new ConcurrentLinkedQueue<>();
    int requests = seconds * settings.rate();
    for (int n = 0; n < requests; n++) {
      long due = n * TimeUnit.SECONDS.toNanos(1) / settings.rate();
      LockSupport.parkNanos(start + due - System.nanoTime());
      client
          .sendAsync(request(n), BodyHandlers.discarding())
          .handle(
              (answer, failure) ->
                  all.add(new Asked(due, failure != null || answer.statusCode() >= 500)));
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (all.size() < requests && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return all;
  }

  private HttpRequest request(int n) {
    return switch (SERVICES.get(n % SERVICES.size())) {
      case "order" -> {
        String body =
            """
            {"barId":"%s","lines":[{"itemId":"%s","quantity":1}],"customer":{"name":"Mina"}}"""
                .formatted(BAR, item);
        yield by(customer, "/orders")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
      }
      // An order that the bar does not have: 404 is an answer.
      case "snackbar" ->
          by(staff, "/bars/" + BAR + "/orders/" + UUID.randomUUID() + "/start")
              .POST(BodyPublishers.noBody())
              .build();
      case "alarm" -> by(staff, "/bars/" + BAR + "/alarms?acknowledged=true").GET().build();
      default -> by(customer, "/my-orders?limit=5").GET().build();
    };
  }

  private HttpRequest.Builder by(String token, String path) {
    return HttpRequest.newBuilder(URI.create(settings.baseUrl() + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }
}
