package cinema.local;

import cinema.servers.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts a whole Intermission over an empty directory, orders once and stops: what a JVM learns an
 * ahead-of-time cache from (JEP 483, JEP 515). Processes that start from it need half of the time.
 * Part of the build, once for each jar.
 */
public final class Rehearsal {
  private static final int PORTS = 14;
  private static final int SINCE = 25;
  private static final int MOST_SECONDS = 180;
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

  private Rehearsal(int port) {
    this.url = "http://127.0.0.1:" + port;
  }

  /**
   * @param arguments the jar, to have the cache written beside it by another JVM; none in that one
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      rehearse();
    } else if (Runtime.version().feature() < SINCE) {
      System.out.println("No cache: JDKs write one from " + SINCE + " on.");
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
    int port = FreePort.findRow(PORTS);
    OneProcess whole =
        new OneProcess(
            Place.of(Map.of("PORT", Integer.toString(port), "DATA", data.toString())), line -> {});
    try {
      whole.start();
      new Rehearsal(port).order();
    } finally {
      whole.stop();
      remove(data);
    }
  }

  private void order() throws Exception {
    String customer = token(send("POST", "/sessions", "", ""));
    String staff = token(send("POST", "/dev/tokens", "{\"role\":\"staff\"}", ""));
    String placed = send("POST", "/orders", ORDER, customer);
    String orderId = placed.replaceAll("(?s).*\"orderId\":\"([^\"]+)\".*", "$1");
    send("GET", "/bars/lobby/orders", "", staff);
    send("GET", "/bars/lobby/alarms", "", staff);
    send("DELETE", "/orders/" + orderId, "", customer);
    send("GET", "/", "", "");
  }

  private String send(String method, String path, String body, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private static String token(String json) {
    return json.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1");
  }

  private static void remove(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
