package cinema.browser;

import cinema.servers.FreePort;
import cinema.shared.testing.Bench;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A {@code ./run cluster} of its own, with one process of each service. */
final class Premises implements AutoCloseable {
  /** As README.md counts them, from the front door to the last cluster port. */
  private static final int PORTS = 100;

  private static final int MOST_SECONDS = 180;

  private final Path data;
  private final int port;
  private final Process process;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** One answer; the body is empty when it is no JSON object. */
  record Answer(int status, JsonObject body) {}

  Premises() throws IOException {
    data = Files.createTempDirectory("cinema-browser-");
    port = FreePort.findRow(PORTS);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("classpath"),
                "cinema.local.Run",
                "cluster")
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "PORT",
                Integer.toString(port),
                "DATA",
                data.toString(),
                "REPLICAS",
                "1",
                "RATE_LIMITS",
                "off"));
    process = builder.start();
    awaitReady();
  }

  private Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  private void awaitReady() throws IOException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (Files.readString(log()).lines().noneMatch(line -> line.startsWith("ready"))) {
      if (!process.isAlive() || System.nanoTime() > limit) {
        String said = Files.readString(log());
        close();
        throw new AssertionError("the cluster did not start: " + said);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Ends a service's process with SIGKILL; it is started again by itself. */
  void kill(String service) throws IOException {
    JsonArray processes = new JsonArray(Files.readString(data.resolve("processes.json")));
    long pid =
        processes.stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("service").equals(service))
            .findFirst()
            .orElseThrow()
            .getLong("pid");
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  // ---- what others do meanwhile, without a browser

  /** A guest's token. */
  String guest() {
    return call("POST", "/sessions", null, null).body().getString("token");
  }

  String staff() {
    JsonObject wanted = new JsonObject().put("role", "staff").put("bars", JsonArray.of("lobby"));
    return call("POST", "/dev/tokens", null, wanted).body().getString("token");
  }

  /** Places an order of one cola at the lobby. */
  JsonObject order(String guest, String name) {
    JsonObject wanted =
        new JsonObject()
            .put("barId", "lobby")
            .put("lines", JsonArray.of(new JsonObject().put("itemId", "cola-m").put("quantity", 1)))
            .put("customer", new JsonObject().put("name", name));
    return order(guest, wanted);
  }

  JsonObject order(String guest, JsonObject wanted) {
    Answer answer = call("POST", "/orders", guest, wanted);
    if (answer.status != 201) {
      throw new AssertionError("not placed: " + answer);
    }
    return answer.body;
  }

  Answer cancel(String guest, String orderId) {
    return call("DELETE", "/orders/" + orderId, guest, null);
  }

  /** Takes a step, as soon as the bar has the order. */
  void step(String staff, String orderId, String step) {
    String path = "/bars/lobby/orders/" + orderId + "/" + step;
    Bench.eventually(step, () -> call("POST", path, staff, null).status == 200);
  }

  /** The ids of the orders on the lobby's board, as the order view has them. */
  List<String> board(String staff) {
    return ids(call("GET", "/bars/lobby/orders?limit=200", staff, null));
  }

  List<String> ordersOf(String guest) {
    return ids(call("GET", "/my-orders?limit=200", guest, null));
  }

  private static List<String> ids(Answer answer) {
    return answer.body.getJsonArray("orders").stream()
        .map(order -> ((JsonObject) order).getString("orderId"))
        .sorted()
        .toList();
  }

  /**
   * @param token null for none
   * @param body null for none
   */
  Answer call(String method, String path, String token, JsonObject body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      String text = answer.body();
      return new Answer(
          answer.statusCode(), text.startsWith("{") ? new JsonObject(text) : new JsonObject());
    } catch (IOException e) {
      return new Answer(0, new JsonObject());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(log());
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
