package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code ./run} as a process: what survives it, what it says when it cannot, and who joins it. */
class RunIT extends RunTest {
  private static final String RUN = "cinema.local.Run";

  private final int port = FreePort.findRow(Place.PORTS);

  @Test
  void orders_survive_kill_nine_and_a_stop() throws Exception {
    String token;
    String orderId;
    try (RunProcess first = started("first")) {
      Product product = new Product(vertx, port);
      token = product.customer();
      orderId = product.placed(token, cola("Survivor")).getString("orderId");
      first.kill();
    }
    try (RunProcess second = started("second")) {
      Product product = new Product(vertx, port);
      assertThat(product.get("/orders/" + orderId).by(token).send().status()).isEqualTo(200);
      eventually("it is on the board", () -> new Lobby(product).board().contains(orderId));
      second.terminate();
      second.ended();
      assertThat(second.output()).contains("stopped");
    }
    try (RunProcess third = started("third")) {
      assertThat(new Lobby(new Product(vertx, port)).board()).containsExactly(orderId);
      third.terminate();
      third.ended();
    }
  }

  @Test
  void each_verticle_starts_alone_beside_a_running_one() throws Exception {
    try (RunProcess run = started("run")) {
      Product product = new Product(vertx, port);
      String token = product.customer();
      String orderId = product.placed(token, cola("Alone")).getString("orderId");
      for (String service : List.of("order", "snackbar", "alarm", "view")) {
        try (RunProcess alone = alone(service)) {
          eventually(
              service + " listens", () -> alone.output().contains(service + " listens on http"));
          int own =
              Integer.parseInt(
                  alone.output().replaceAll("(?s).*listens on http://127.0.0.1:(\\d+).*", "$1"));
          ReadyCheck check = new ReadyCheck(vertx);
          eventually(service + " is ready", () -> await(check.ask(own)) == ReadyCheck.Reply.READY);
          if (service.equals("order")) {
            // The bar that answers is in the other process: the event bus is one.
            assertThat(
                    new Product(vertx, own).delete("/orders/" + orderId).by(token).send().status())
                .isEqualTo(200);
          }
          alone.terminate();
          alone.ended();
        }
      }
      run.terminate();
      run.ended();
    }
  }

  @Test
  void a_port_in_use_is_one_clear_line() throws Exception {
    try (ServerSocket taken = new ServerSocket(port + 2, 1, InetAddress.getLoopbackAddress());
        RunProcess run = RunProcess.start(RUN, temp.resolve("log"), environment())) {
      assertThat(run.ended()).isEqualTo(1);
      assertThat(run.output())
          .containsOnlyOnce("cannot start")
          .contains("port " + taken.getLocalPort() + " is in use")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void a_broken_data_directory_is_one_clear_line() throws Exception {
    Path data = Files.createDirectories(temp.resolve("data/postgres/pgdata"));
    Files.writeString(data.resolve("PG_VERSION"), "9.1\n");
    try (RunProcess run = RunProcess.start(RUN, temp.resolve("log"), environment())) {
      assertThat(run.ended()).isEqualTo(1);
      assertThat(run.output()).containsOnlyOnce("cannot start").doesNotContain("\tat ");
    }
  }

  @Test
  void a_setting_that_cannot_be_is_one_clear_line() throws Exception {
    Map<String, String> environment = environment();
    environment.put("PORT", "eighty");
    try (RunProcess run = RunProcess.start(RUN, temp.resolve("log"), environment)) {
      assertThat(run.ended()).isEqualTo(1);
      assertThat(run.output()).contains("PORT=eighty").doesNotContain("\tat ");
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PORT", Integer.toString(port));
    environment.put("RATE_LIMITS", "off");
    environment.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    environment.put("DATA", temp.resolve("data").toString());
    return environment;
  }

  private RunProcess started(String log) throws Exception {
    RunProcess run = RunProcess.start(RUN, temp.resolve(log), environment());
    return run.awaitReady();
  }

  private RunProcess alone(String service) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("POSTGRES_URL", "postgresql://postgres@127.0.0.1:" + (port + 10) + "/postgres");
    environment.put("RATE_LIMITS", "off");
    environment.put("DRAIN_MS", "0");
    environment.put("KAFKA_BOOTSTRAP", "127.0.0.1:" + (port + 11));
    environment.put("CLUSTER_MEMBERS", "127.0.0.1:" + (port + 12));
    Path keys = temp.resolve("data/keys");
    environment.put("SESSION_SIGNING_KEYS", keys.resolve("sessions.private.json").toString());
    environment.put("SESSION_KEYS", keys.resolve("sessions.public.json").toString());
    environment.put("STAFF_KEYS", keys.resolve("staff.public.json").toString());
    String name = Character.toUpperCase(service.charAt(0)) + service.substring(1);
    return RunProcess.start(
        "cinema." + service + "." + name + "Verticle", temp.resolve(service), environment);
  }
}
