package cinema.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What customers and staff notice when a process is killed: in a {@code ./run cluster}, one process
 * after another is sent SIGKILL while {@code RATE} requests a second go on, a quarter to each
 * service, on a fixed schedule and without a second try. A request has failed when nobody answered,
 * or the answer is 5xx.
 */
public final class SelfHealing {
  private static final String BAR = "lobby";
  private static final List<String> SERVICES = List.of("order", "snackbar", "alarm", "view");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int WATCHED_SECONDS = 20;
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
    ask(settings.warmupSeconds(), System.nanoTime());
    System.out.printf(
        "%-12s%10s%10s%10s%16s%14s%n",
        "killed", "requests", "failed", "share", "last failed", "whole");
    for (int round = 0; round < settings.rolls(); round++) {
      for (String service : SERVICES) {
        kill(service + "-1");
      }
    }
  }

  private void kill(String name) throws Exception {
    long before = pid(name);
    ProcessHandle.of(before).orElseThrow().destroyForcibly();
    long killed = System.nanoTime();
    Queue<Asked> asked = ask(WATCHED_SECONDS, killed);
    long failed = asked.stream().filter(Asked::failed).count();
    long last = asked.stream().filter(Asked::failed).mapToLong(Asked::due).max().orElse(0);
    System.out.printf(
        "%-12s%10d%10d%9.2f%%%14.2f s%14s%n",
        name,
        asked.size(),
        failed,
        100.0 * failed / asked.size(),
        last / 1e9,
        pid(name) != before ? "again" : "no");
  }

  /** Who has this name now, as the run says. */
  private long pid(String name) throws IOException {
    Path list = settings.data().resolve("processes.json");
    for (JsonNode each : JSON.readTree(Files.readString(list))) {
      if (each.path("name").asText().equals(name)) {
        return each.path("pid").asLong();
      }
    }
    return -1;
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
