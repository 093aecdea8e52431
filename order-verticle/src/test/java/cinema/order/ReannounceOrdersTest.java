package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.newBar;
import static cinema.order.Samples.numbered;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.PlaceOrder.Asked;
import cinema.servers.FreePort;
import cinema.servers.KafkaServer;
import cinema.shared.contract.Event;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.EventReader;
import cinema.shared.events.Told;
import cinema.shared.service.Ids;
import cinema.shared.service.Settings;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a Kafka of its own, which loses and does not take things. */
class ReannounceOrdersTest {
  @TempDir Path directory;

  private final int port = FreePort.find();
  private final int controllerPort = FreePort.find();
  private final String barId = newBar();
  private final Queue<Event> told = new ConcurrentLinkedQueue<>();
  private OrderBench bench;
  private Settings settings;
  private EventPublisher publisher;
  private EventReader reader;
  private ReannounceOrders reannounceOrders;

  @BeforeEach
  void open() {
    bench = new OrderBench();
    settings = bench.settings.with(Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:" + port));
    publisher =
        await(
            bench.onLoop(() -> Future.succeededFuture(new EventPublisher(bench.vertx, settings))));
    // A minute from now, nothing that was just placed is young any more.
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
    reannounceOrders =
        new ReannounceOrders(
            bench.vertx,
            new AnnouncementStore(bench.database),
            publisher,
            OrderSettings.of(settings),
            later);
  }

  @AfterEach
  void close() {
    if (reader != null) {
      await(bench.onLoop(reader::stop));
    }
    await(bench.onLoop(publisher::close));
    bench.close();
  }

  @Test
  void an_order_is_announced_again_until_the_bar_has_confirmed_it() {
    try (KafkaServer kafka = KafkaServer.start(directory, port, controllerPort)) {
      listen();
      Asked asked = placed(1).getFirst();

      announce();
      eventually("it is told", () -> told.size() == 1);
      assertThat(told).containsExactly(numbered(asked, 1));

      isDueAgain(asked);
      announce();
      eventually("it is told again", () -> told.size() == 2);

      UUID orderId = asked.placed().orderId();
      await(
          bench.store.follow(
              List.of(new Told<>(new OrderRequested(orderId, 1, Instant.now(), barId), TRACE)),
              Instant.now()));
      isDueAgain(asked);
      Asked other = placed(1).getFirst();
      announce();
      eventually("the other is told", () -> told.contains(numbered(other, 2)));
      assertThat(told).hasSize(3);
      assertThat(kafka.port()).isEqualTo(port);
    }
  }

  @Test
  void a_round_is_bounded_and_never_runs_beside_another() {
    try (KafkaServer kafka = KafkaServer.start(directory, port, controllerPort)) {
      placed(501);

      await(
          bench.onLoop(() -> Future.all(reannounceOrders.announce(), reannounceOrders.announce())));

      assertThat(announced()).isEqualTo(500);
      announce();
      assertThat(announced()).isEqualTo(501);
      assertThat(kafka.port()).isEqualTo(port);
    }
  }

  @Test
  void while_kafka_takes_nothing_one_order_at_a_time_finds_out_when_it_does() {
    placed(3);
    tryToAnnounce();
    assertThat(publisher.works()).isFalse();
    assertThat(announced()).isEqualTo(3);
    bench.rows("UPDATE unconfirmed SET announced_at = placed_at");
    tryToAnnounce();
    assertThat(announced()).isEqualTo(1);

    try (KafkaServer kafka = KafkaServer.start(directory, port, controllerPort)) {
      eventually(
          "Kafka takes events again",
          () -> {
            tryToAnnounce();
            return publisher.works();
          });
      tryToAnnounce();
      assertThat(announced()).isEqualTo(3);
      assertThat(kafka.port()).isEqualTo(port);
    }
  }

  private void announce() {
    await(bench.onLoop(reannounceOrders::announce));
  }

  private void tryToAnnounce() {
    await(bench.onLoop(() -> reannounceOrders.announce().otherwiseEmpty()));
  }

  private long announced() {
    return bench.count("SELECT count(*) FROM unconfirmed WHERE announced_at > now()");
  }

  private void isDueAgain(Asked asked) {
    bench.rows(
        "UPDATE unconfirmed SET announced_at = placed_at WHERE order_id = $1",
        asked.placed().orderId());
  }

  private List<Asked> placed(int count) {
    List<Asked> batch = Stream.generate(() -> asked(barId)).limit(count).toList();
    await(bench.placing.place(Ids.next(), batch));
    return batch;
  }

  private void listen() {
    reader =
        EventReader.whole(
            bench.vertx,
            settings,
            Topic.ORDERS,
            publisher,
            batch -> {
              batch.forEach(each -> told.add(each.event()));
              return Future.succeededFuture();
            });
    await(
        bench.onLoop(
            () -> {
              reader.start();
              return Future.succeededFuture();
            }));
  }
}
