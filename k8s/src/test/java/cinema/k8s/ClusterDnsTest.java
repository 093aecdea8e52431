package cinema.k8s;

import static cinema.shared.testing.Bench.await;

import cinema.servers.FreePort;
import cinema.shared.testing.Members;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Members find each other by one name, as those behind a headless Service do: each at an address of
 * its own, all at the same port. The pom gives this JVM a file in the place of DNS.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only there 127.0.0.2 is this machine, too")
class ClusterDnsTest {
  private static final String NAME = "members.intermission.test";
  private static final String FIRST = "127.0.0.2";
  private static final String SECOND = "127.0.0.1";

  private final Path dns = Path.of(System.getProperty("jdk.net.hosts.file"));
  private final int port = FreePort.find();
  private final Vertx network = Vertx.vertx();
  private Vertx first;
  private Vertx second;

  /** The first member listens where members do, and is seen at an address of its own. */
  @BeforeEach
  void connect() {
    int behind = FreePort.find();
    NetClient onwards = network.createNetClient();
    await(
        network
            .createNetServer()
            .connectHandler(caller -> pass(caller, onwards, behind))
            .listen(port, FIRST));
    names(FIRST);
    first = member(Map.of("CLUSTER_PORT", "" + behind, "CLUSTER_PUBLIC", FIRST + ":" + port));
    await(first.eventBus().<String>consumer("bar", question -> question.reply("yes")).completion());
  }

  @AfterEach
  void leave() {
    if (second != null) {
      await(second.close());
    }
    await(first.close());
    await(network.close());
  }

  @Test
  void a_member_joins_those_whose_addresses_the_name_has() {
    names(SECOND, FIRST);
    second = member(Map.of("CLUSTER_PORT", "" + port));
    Members.awaitYes(second, "bar");
  }

  private void names(String... addresses) {
    try {
      Files.write(dns, Stream.of(addresses).map(address -> address + " " + NAME).toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Vertx member(Map<String, String> own) {
    Map<String, String> environment = new HashMap<>(own);
    environment.put("CLUSTER_DNS", NAME);
    return Members.join(environment);
  }

  private static void pass(NetSocket caller, NetClient onwards, int port) {
    caller.pause();
    onwards
        .connect(port, SECOND)
        .onFailure(refused -> caller.close())
        .onSuccess(
            member -> {
              member.pipeTo(caller);
              caller.pipeTo(member);
            });
  }
}
