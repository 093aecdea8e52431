package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.EventReader;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service between a real PostgreSQL and a real Kafka. */
class KafkaJourneyTest {
  private static final String BAR = "lobby";

  private final Bench bench = Bench.withKafka("snackbar");
  private final int port = FreePort.find();
  private final Settings settings =
      bench.settings().with(Map.of("HTTP_PORT", Integer.toString(port)));
  private final List<Event> heard = new CopyOnWriteArrayList<>();
  private final Settings listener =
      Settings.of(
          "listener-" + UUID.randomUUID(),
          Map.of("KAFKA_BOOTSTRAP", bench.settings().kafkaBootstrap()));
  private EventPublisher publisher;
  private Database database;

  @BeforeEach
  void open() {
    await(bench.vertx().deployVerticle(new SnackbarVerticle(settings)));
    database = bench.database("cinema/snackbar/migrations");
    publisher =
        bench.onLoop(() -> Future.succeededFuture(new EventPublisher(bench.vertx(), listener)));
    bench.onLoop(
        () -> {
          EventReader.together(
                  bench.vertx(),
                  listener,
                  List.of(Topic.ORDER_REQUESTS, Topic.MENUS),
                  publisher,
                  batch -> {
                    batch.forEach(told -> heard.add(told.event()));
                    return Future.succeededFuture();
                  })
              .start();
          return Future.succeededFuture();
        });
  }

  @AfterEach
  void close() {
    bench.onLoop(publisher::close);
    bench.close();
  }

  @Test
  void an_order_that_is_announced_again_is_confirmed_again_and_stored_once() {
    Told<OrderPlaced> order = SnackbarBench.order(BAR, 1);
    UUID orderId = order.event().orderId();
    announce(order);
    eventually("it is confirmed", () -> confirmed(orderId) > 0);
    int stored = outboxRowsOf(orderId);
    int before = confirmed(orderId);

    announce(order);
    eventually("it is confirmed again", () -> confirmed(orderId) > before);
    assertThat(outboxRowsOf(orderId)).isEqualTo(stored).isOne();

    reject(orderId, "no ice left");
    announce(order);
    eventually(
        "where it stands now is told by the step and once more",
        () ->
            heard.stream()
                    .filter(OrderRequestRejected.class::isInstance)
                    .map(OrderRequestRejected.class::cast)
                    .filter(each -> each.orderId().equals(orderId))
                    .filter(each -> "no ice left".equals(each.reason()))
                    .count()
                >= 2);
  }

  @Test
  void the_menus_are_told_again_when_kafka_has_lost_them() {
    eventually("the bar is told", () -> described() > 0);
    eventually("it is known where", () -> count("SELECT count(*) FROM journal") == 2);
    eventually(
        "all is marked",
        () ->
            count(
                    "SELECT count(*) FROM outbox WHERE coalesce(published_at, '-infinity') = '-infinity'")
                == 0);
    int before = described();
    // A journal that is a day old, and a topic that is another one.
    run("DELETE FROM outbox");
    run("UPDATE journal SET topic_id = 'lost' WHERE topic = 'menus'");
    eventually("the bar is told again", () -> described() > before);
  }

  private void announce(Told<OrderPlaced> order) {
    Told<OrderEvent> told = new Told<>(order.event(), order.trace());
    bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of(told)));
  }

  private void reject(UUID orderId, String reason) {
    WebClient http =
        WebClient.create(
            bench.vertx(), new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
    String path = "/bars/" + BAR + "/orders/" + orderId + "/reject";
    var answer =
        await(
            http.post(path)
                .bearerTokenAuthentication(bench.staffToken(BAR))
                .sendJsonObject(new JsonObject().put("reason", reason)));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private int confirmed(UUID orderId) {
    return (int)
        heard.stream()
            .filter(OrderRequested.class::isInstance)
            .filter(each -> ((OrderRequested) each).orderId().equals(orderId))
            .count();
  }

  private int described() {
    return (int)
        heard.stream()
            .filter(BarDescribed.class::isInstance)
            .filter(each -> ((BarDescribed) each).barId().equals(BAR))
            .count();
  }

  private int outboxRowsOf(UUID orderId) {
    String rows =
        """
        SELECT count(*) FROM outbox
         WHERE $1 = ANY(SELECT d::jsonb ->> 'orderId' FROM unnest(data) AS d)
        """;
    return await(database.execute(rows, Tuple.of(orderId.toString())))
        .iterator()
        .next()
        .getInteger(0);
  }

  private void run(String sql) {
    await(database.execute(sql));
  }

  private long count(String sql) {
    return await(database.execute(sql)).iterator().next().getLong(0);
  }
}
