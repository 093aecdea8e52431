package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.testing.Members;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Who is asked when members of the cluster come and go. */
@ResourceLock(value = Meters.LOCK, mode = ResourceAccessMode.READ)
class AddressesTest {
  private static final String BAR = "bar";

  private final int port = FreePort.find();
  private Vertx asking;
  private Vertx going;
  private Vertx staying;

  @BeforeEach
  void join() {
    asking = Members.join(port, port);
    going = Members.join(0, port);
    staying = Members.join(0, port);
    for (Vertx each : List.of(going, staying)) {
      await(each.eventBus().consumer(BAR, AddressesTest::answer).completion());
    }
  }

  @AfterEach
  void leave() {
    for (Vertx each : List.of(staying, going, asking)) {
      await(each.close());
    }
  }

  @Test
  void no_question_is_lost_when_one_who_answers_goes() {
    List<Future<Message<String>>> questions = new ArrayList<>();
    AtomicBoolean left = new AtomicBoolean();

    ask(questions, 500);
    new Addresses(going).leave(BAR).onComplete(done -> left.set(true));
    while (!left.get()) {
      ask(questions, 20);
    }
    eventually(
        "the other one alone is asked", () -> answering(questions).equals(Set.of(name(staying))));

    assertThat(questions).allSatisfy(each -> assertThat(await(each).body()).isNotEmpty());
  }

  /** Who answers the next twenty. */
  private Set<String> answering(List<Future<Message<String>>> questions) {
    ask(questions, 20);
    return questions.subList(questions.size() - 20, questions.size()).stream()
        .map(each -> await(each).body())
        .collect(Collectors.toSet());
  }

  @Test
  void a_member_that_is_gone_is_not_asked_for_long() {
    var registrations =
        ((HazelcastClusterManager) ((VertxInternal) asking).clusterManager())
            .getHazelcastInstance()
            .<String, HazelcastRegistrationInfo>getMultiMap(Cluster.SUBSCRIPTIONS);
    registrations.put(
        BAR, new HazelcastRegistrationInfo(new RegistrationInfo("who was killed", 1, false)));
    assertThat(new Addresses(staying).gone()).hasSize(1);

    eventually("it is forgotten", () -> new Addresses(staying).gone().isEmpty());

    assertThat(registrations.get(BAR))
        .extracting(each -> each.unwrap().nodeId())
        .containsExactlyInAnyOrder(name(going), name(staying));
  }

  private void ask(List<Future<Message<String>>> questions, int count) {
    for (int i = 0; i < count; i++) {
      DeliveryOptions options = new DeliveryOptions().setSendTimeout(5000);
      questions.add(asking.eventBus().request(BAR, "?", options));
    }
  }

  /** A little later, as whoever asks a database first. */
  private static void answer(Message<String> question) {
    Vertx here = Vertx.currentContext().owner();
    here.setTimer(5, later -> question.reply(name(here)));
  }

  private static String name(Vertx member) {
    return ((VertxInternal) member).clusterManager().getNodeId();
  }
}
