package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.servers.FreePort;
import cinema.shared.testing.Authority;
import cinema.shared.testing.Members;
import cinema.shared.testing.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** With certificates configured, only members that have one are on the event bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(value = Meters.LOCK, mode = ResourceAccessMode.READ)
class ClusterTlsTest {
  private static final String ADDRESS = "bar";
  private static final int SOON_MILLIS = 1500;

  @TempDir static Path folder;

  private final int port = FreePort.find();
  private final List<Vertx> members = new ArrayList<>();
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();
  private Authority ours;
  private Vertx bar;

  @BeforeAll
  void open() {
    ours = new Authority(folder);
    bar = join(port, ours.member("bar").toString());
    await(
        bar.eventBus()
            .<String>consumer(
                ADDRESS,
                message -> {
                  heard.add(message.body());
                  message.reply("yes");
                })
            .completion());
  }

  @AfterAll
  void close() {
    members.reversed().forEach(member -> await(member.close()));
  }

  @Test
  void members_with_certificates_of_our_authority_hear_each_other() {
    Vertx asker = join(0, ours.member("order").toString());

    assertThat(await(asker.eventBus().<String>request(ADDRESS, "member", options())).body())
        .isEqualTo("yes");
  }

  @Test
  void whoever_has_no_certificate_is_not_heard() {
    assertNotHeard(join(0, ""));
  }

  @Test
  void whoever_was_not_certified_by_our_authority_is_neither_heard_nor_told_anything()
      throws Exception {
    Vertx pretender = join(0, pretender().toString());
    Queue<String> told = new ConcurrentLinkedQueue<>();
    await(
        pretender
            .eventBus()
            .<String>consumer("false bar", message -> told.add(message.body()))
            .completion());

    assertNotHeard(pretender);
    assertThatThrownBy(
        () -> await(bar.eventBus().request("false bar", "in confidence", options())));
    assertThat(told).isEmpty();
  }

  /** Certified by another authority, and takes ours for true. */
  private Path pretender() throws IOException {
    Path pretender = new Authority(Files.createDirectory(folder.resolve("other"))).member("bar");
    Files.copy(
        folder.resolve("bar").resolve("ca.crt"),
        pretender.resolve("ca.crt"),
        StandardCopyOption.REPLACE_EXISTING);
    return pretender;
  }

  private void assertNotHeard(Vertx stranger) {
    assertThatThrownBy(() -> await(stranger.eventBus().request(ADDRESS, "stranger", options())))
        .satisfiesAnyOf(
            failure -> assertThat(failure).isInstanceOf(ReplyException.class),
            failure -> assertThat(failure).hasCauseInstanceOf(ReplyException.class));
    assertThat(heard).doesNotContain("stranger");
  }

  private static DeliveryOptions options() {
    return new DeliveryOptions().setSendTimeout(SOON_MILLIS);
  }

  private Vertx join(int clusterPort, String tls) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLUSTER_PORT", Integer.toString(clusterPort));
    environment.put("CLUSTER_MEMBERS", "127.0.0.1:" + port);
    environment.put("CLUSTER_TLS", tls);
    Vertx member = Members.join(environment);
    members.add(member);
    return member;
  }
}
