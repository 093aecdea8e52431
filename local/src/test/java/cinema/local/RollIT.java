package cinema.local;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.local.ProcessList.Entry;
import cinema.servers.FreePort;
import cinema.shared.service.Cluster;
import cinema.shared.service.Settings;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code ./run roll}: what runs is replaced, one process after another. */
class RollIT extends RunTest {
  private final int port = FreePort.findRow(Place.CLUSTER_PORTS);

  @Test
  void nobody_notices_that_every_process_is_replaced() throws Exception {
    Place place = Place.of(environment());
    try (RunProcess cluster = started()) {
      Product product = new Product(vertx, port);
      Map<String, Long> before = pids();
      List<String> told = new ArrayList<>();

      try (Visitors visitors = new Visitors(vertx, port, product)) {
        visitors.warmUp();
        ManyProcesses.askToRoll(place, null, told::add);
        visitors.leave();

        assertThat(visitors.failures()).isEmpty();
        assertThat(visitors.gaps()).isEmpty();
        assertThat(visitors.boardsOpened()).isGreaterThan(1);
      }

      assertThat(told).hasSize(4);
      assertThat(pids()).hasSameSizeAs(before);
      for (String service : List.of("order", "snackbar", "alarm", "view")) {
        assertThat(pids().get(service + "-1")).isNotEqualTo(before.get(service + "-1"));
      }
      nobodyIsAskedWhoIsGone();
      assertThatThrownBy(() -> ManyProcesses.askToRoll(place, "kitchen", told::add))
          .hasMessage("there is no service 'kitchen'");
      cluster.terminate();
      cluster.ended();
    }
    assertThatThrownBy(() -> ManyProcesses.askToRoll(place, null, line -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("no './run cluster' runs");
  }

  /**
   * Two killed at the same moment are when Hazelcast may keep an address (vertx-hazelcast #196).
   */
  private void nobodyIsAskedWhoIsGone() throws Exception {
    Vertx member = await(Cluster.join(Settings.of("test", Map.of("CLUSTER_MEMBERS", members()))));
    try {
      for (String name : List.of("order-1", "view-1")) {
        ProcessHandle.of(pids().get(name)).orElseThrow().destroyForcibly();
      }
      eventually("nobody is asked but who is there", () -> isAnsweredByMembersAlone(member));
    } finally {
      await(member.close());
    }
  }

  private String members() {
    return IntStream.range(port + 60, port + 100)
        .mapToObj(each -> "127.0.0.1:" + each)
        .collect(Collectors.joining(","));
  }

  /** Whether there is somebody who answers, and nobody who is no member. */
  private static boolean isAnsweredByMembersAlone(Vertx member) {
    HazelcastInstance cluster =
        ((HazelcastClusterManager) ((VertxInternal) member).clusterManager())
            .getHazelcastInstance();
    Set<String> answering =
        cluster.<String, HazelcastRegistrationInfo>getMultiMap("__vertx.subs").values().stream()
            .map(each -> each.unwrap().nodeId())
            .collect(Collectors.toSet());
    Set<String> members =
        cluster.getCluster().getMembers().stream()
            .map(each -> each.getAttribute("__vertx.nodeId"))
            .collect(Collectors.toSet());
    return !answering.isEmpty() && members.containsAll(answering);
  }

  private RunProcess started() throws Exception {
    return RunProcess.start("cinema.local.Run", temp.resolve("log"), environment(), "cluster")
        .awaitReady();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PORT", Integer.toString(port));
    environment.put("RATE_LIMITS", "off");
    environment.put("DATA", temp.resolve("data").toString());
    environment.put("REPLICAS", "1");
    environment.put("MIN_READY_SECONDS", "1");
    environment.put("DRAIN_MS", System.getProperty("drain", "2000"));
    environment.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    return environment;
  }

  private Map<String, Long> pids() throws IOException {
    return ProcessList.read(Files.readString(temp.resolve("data/processes.json")))
        .entries()
        .stream()
        .collect(Collectors.toMap(Entry::name, Entry::pid));
  }
}
