package cinema.local;

import static cinema.local.Intermission.await;

import cinema.servers.AheadOfTime;
import cinema.servers.FreePort;
import cinema.shared.service.Cluster;
import cinema.shared.service.Settings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Starts a whole Intermission over an empty directory, plays a busy bar and stops: what a JVM
 * learns an ahead-of-time cache from (JEP 483, JEP 515). Processes that start from it need half of
 * the time, and know from their first order on which code is worth compiling, and how. Part of the
 * build, once for each jar.
 */
public final class Rehearsal {
  private static final int MOST_SECONDS = 180;
  private static final int CUSTOMERS = 16;

  /**
   * Enough for what happens to each order to count as hot; nearly four times as many bring nothing.
   */
  private static final int ORDERS_EACH = 40;

  /** Enough for everything to be loaded; containers begin without having learnt what is hot. */
  private static final int FEW_ORDERS_EACH = 10;

  private static final int STEP_ATTEMPTS = 1000;
  private static final long STEP_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final String ORDER =
      """
      {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":1}],"customer":{"name":"Rehearsal"}}
      """;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String url;
  private final int ordersEach;

  private Rehearsal(String url, int ordersEach) {
    this.url = url;
    this.ordersEach = ordersEach;
  }

  /**
   * @param arguments the jar, to have the cache written beside it by another JVM; none in that one;
   *     the front door's address, to play at an Intermission that runs already
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      rehearse();
    } else if (arguments[0].startsWith("http:")) {
      new Rehearsal(arguments[0], FEW_ORDERS_EACH).play();
    } else if (!AheadOfTime.isKnown()) {
      System.out.println("No cache: JDKs write one from " + AheadOfTime.SINCE + " on.");
    } else {
      write(Path.of(arguments[0]).toAbsolutePath());
    }
  }

  private static void write(Path jar) throws IOException, InterruptedException {
    if (JavaProgram.hasCache(jar)) {
      return;
    }
    List<String> command = JavaProgram.java();
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    command.add("-XX:AOTCacheOutput=" + JavaProgram.cacheOf(jar));
    command.addAll(List.of("-cp", jar.toString(), Rehearsal.class.getName()));
    Path log = jar.resolveSibling("rehearsal.log");
    Process rehearsal =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    if (!rehearsal.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || rehearsal.exitValue() != 0) {
      rehearsal.destroyForcibly();
      // Everything works without it, more slowly.
      System.out.println("No cache: " + log + " tells why.");
    }
  }

  private static void rehearse() throws Exception {
    Path data = Files.createTempDirectory("cinema-rehearsal-");
    int port = FreePort.findRow(Place.PORTS);
    Place place =
        Place.of(
            Map.of("PORT", Integer.toString(port), "DATA", data.toString(), "RATE_LIMITS", "off"));
    OneProcess whole = new OneProcess(place, line -> {});
    try {
      whole.start();
      // One that comes to a cluster and leaves it, for those that run as many.
      Vertx neighbour = await(Cluster.join(neighbourOf(place)));
      new Rehearsal("http://127.0.0.1:" + port, ORDERS_EACH).play();
      await(neighbour.close());
    } finally {
      whole.stop();
      remove(data);
    }
  }

  private static Settings neighbourOf(Place place) {
    return place.clusterSettings().with(Map.of("CLUSTER_PORT", Integer.toString(FreePort.find())));
  }

  /** A board is open, and many order, cancel, and are served. */
  private void play() throws Exception {
    String staff =
        token(send("POST", "/dev/tokens", "{\"role\":\"staff\",\"bars\":[\"lobby\"]}", ""));
    WebSocket board = openBoard(staff);
    try (ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS)) {
      List<Future<?>> played = new ArrayList<>();
      for (int i = 0; i < CUSTOMERS; i++) {
        played.add(customers.submit(() -> order(staff)));
      }
      for (Future<?> each : played) {
        each.get();
      }
    }
    send("GET", "/", "", "");
    board.abort();
  }

  private Void order(String staff) throws Exception {
    String customer = token(send("POST", "/sessions", "", ""));
    for (int i = 0; i < ordersEach; i++) {
      String path = "/orders/" + field("orderId", send("POST", "/orders", ORDER, customer));
      if (i % 2 == 0) {
        send("DELETE", path, "", customer);
      } else {
        step(staff, path, "start");
        step(staff, path, "ready");
        step(staff, path, "hand-over");
      }
      if (i % 10 == 0) {
        send("GET", path, "", customer);
        send("GET", "/my-orders", "", customer);
        send("GET", "/bars/lobby/orders", "", staff);
        send("GET", "/bars/lobby/alarms", "", staff);
      }
    }
    return null;
  }

  /** Again, until the bar has the order. */
  private void step(String staff, String orderPath, String step) throws Exception {
    String path = "/bars/lobby" + orderPath + "/" + step;
    int attempt = 1;
    while (ask("POST", path, "", staff).statusCode() != 200) {
      if (attempt++ == STEP_ATTEMPTS) {
        throw new IOException("the bar never had " + orderPath);
      }
      LockSupport.parkNanos(STEP_AGAIN_NANOS);
    }
  }

  private WebSocket openBoard(String staff) throws Exception {
    String ticket = field("ticket", send("POST", "/feed-tickets", "", staff));
    String feed = url.replace("http", "ws") + "/feed/bars/lobby?ticket=" + ticket;
    return client
        .newWebSocketBuilder()
        .buildAsync(URI.create(feed), new WebSocket.Listener() {})
        .get(MOST_SECONDS, TimeUnit.SECONDS);
  }

  private String send(String method, String path, String body, String token) throws Exception {
    HttpResponse<String> answer = ask(method, path, body, token);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> ask(String method, String path, String body, String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String token(String json) {
    return field("token", json);
  }

  private static String field(String name, String json) {
    return json.replaceAll("(?s).*\"" + name + "\":\"([^\"]+)\".*", "$1");
  }

  private static void remove(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
