package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.local.ProcessList.Entry;
import cinema.servers.FreePort;
import cinema.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code ./run cluster} as processes: what is killed comes back, and orders go on. */
class ManyProcessesIT extends RunTest {
  private final int port = FreePort.findRow(Place.CLUSTER_PORTS);

  @Test
  void killed_processes_come_back_and_none_outlives_its_supervisor() throws Exception {
    try (RunProcess cluster = started()) {
      assertThat(entries().stream().map(Entry::name))
          .containsExactly(
              "postgres", "kafka", "front-door", "order-1", "snackbar-1", "alarm-1", "view-1");
      Product product = new Product(vertx, port);
      String customer = product.customer();

      Entry killed = entry("order-1");
      kill(killed);
      eventually("it is listed again", () -> isAnother(killed));
      eventually("the front door asks it", () -> ready(killed.port()));

      for (String name : List.of("snackbar-1", "view-1", "postgres", "kafka", "front-door")) {
        Entry each = entry(name);
        kill(each);
        eventually(name + " is listed again", () -> isAnother(each));
      }
      eventually("orders are taken again", () -> placed(product, customer));
      String orderId = product.placed(customer, cola("Last")).getString("orderId");
      Lobby lobby = new Lobby(product);
      eventually("the order is on the board", () -> lobby.board().contains(orderId));

      assertThat(cluster.output()).contains("order-1 has ended and is started again");
      endsWithItsSupervisor(cluster);
    }
  }

  private void endsWithItsSupervisor(RunProcess cluster) throws Exception {
    List<Entry> all = entries();
    cluster.kill();
    for (Entry each : all) {
      // PostgreSQL goes on, to be taken over by whoever runs over this directory next.
      if (!each.name().equals("postgres")) {
        eventually(each.name() + " has ended", () -> !isAlive(each.pid()));
      }
    }
    PostgresServer.start(temp.resolve("data/postgres"), port + 10).close();
  }

  private RunProcess started() throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PORT", Integer.toString(port));
    environment.put("RATE_LIMITS", "off");
    environment.put("DATA", temp.resolve("data").toString());
    environment.put("REPLICAS", "1");
    environment.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    RunProcess run =
        RunProcess.start("cinema.local.Run", temp.resolve("log"), environment, "cluster");
    return run.awaitReady();
  }

  private List<Entry> entries() throws IOException {
    return ProcessList.read(Files.readString(temp.resolve("data/processes.json"))).entries();
  }

  private Entry entry(String name) throws IOException {
    return entries().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private boolean isAnother(Entry before) throws IOException {
    return entries().stream()
        .anyMatch(each -> each.name().equals(before.name()) && each.pid() != before.pid());
  }

  private static void kill(Entry process) {
    ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
  }

  private static boolean isAlive(long pid) {
    // A zombie has no command any more.
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
  }

  private boolean ready(int servicePort) {
    return await(new ReadyCheck(vertx).ask(servicePort)) == ReadyCheck.Reply.READY;
  }

  private static boolean placed(Product product, String customer) {
    try {
      return product.post("/orders").by(customer).send(cola("Meanwhile")).status() == 201;
    } catch (RuntimeException | AssertionError e) {
      return false; // the front door may be away as well
    }
  }
}
