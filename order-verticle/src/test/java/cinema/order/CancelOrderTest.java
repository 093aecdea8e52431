package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.newBar;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.order.Cancellation.Cancelled;
import cinema.order.Cancellation.NotYours;
import cinema.order.Cancellation.TooLate;
import cinema.order.Cancellation.Unanswered;
import cinema.order.PlaceOrder.Asked;
import cinema.servers.FaultyLink;
import cinema.servers.SharedServers;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.service.Ids;
import cinema.shared.service.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CancelOrderTest {
  /** Nothing runs out by itself: what a test lets run out it says. */
  private static final Map<String, String> PATIENT =
      Map.of(
          "CANCEL_TIMEOUT_MS", "20000",
          "BREAKER_TIMEOUT_MS", "25000",
          "BREAKER_WINDOW_MS", "60000",
          "BREAKER_RESET_MS", "60000",
          "BREAKER_FAILURES", "3",
          "CANCEL_RETRY_MS", "60000");

  private static OrderBench bench;

  private final String barId = newBar();
  private final UUID customerId = UUID.randomUUID();
  private final Queue<Cancel.Request> asked = new ConcurrentLinkedQueue<>();
  private MessageConsumer<String> bar;
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private AskBar askBar;
  private CancelOrder cancelOrder;
  private SettleCancels settleCancels;

  CancelOrderTest() {
    with(Map.of());
  }

  @BeforeAll
  static void open() {
    bench = new OrderBench();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @AfterEach
  void stop() {
    barGoesAway();
    settleCancels.stop();
    askBar.close();
    bench.rows("UPDATE customer_order SET cancelling_since = NULL");
  }

  @Test
  void an_order_that_the_bar_gives_back_is_cancelled_and_everybody_is_told() {
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    UUID orderId = placed();

    assertThat(cancel(orderId)).isEqualTo(new Cancelled());

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
    assertThat(bench.told(orderId).getLast()).isInstanceOf(OrderCancelled.class);
    assertThat(asked).extracting(Cancel.Request::orderId).containsExactly(orderId);
    assertThat(asked.element().barId()).isEqualTo(barId);
    assertThat(asked.element().traceparent()).contains(TRACE.traceId());
  }

  @Test
  void a_cancelled_order_is_cancelled_again_without_asking() {
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    UUID orderId = placed();
    cancel(orderId);
    asked.clear();

    assertThat(cancel(orderId)).isEqualTo(new Cancelled());
    assertThat(asked).isEmpty();
  }

  @Test
  void an_order_known_to_be_started_is_refused_without_asking() {
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    UUID orderId = placed();
    await(bench.store.refuse(orderId, OrderStatus.PREPARING, 2));

    assertThat(cancel(orderId)).isEqualTo(new TooLate(OrderStatus.PREPARING));
    assertThat(asked).isEmpty();
  }

  @Test
  void anothers_order_is_not_there_and_its_bar_is_not_asked() {
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    UUID orderId = placed();

    assertThat(await(cancel(orderId, UUID.randomUUID()))).isEqualTo(new NotYours());
    assertThat(asked).isEmpty();
    assertThat(status(orderId)).isEqualTo(OrderStatus.PLACED);
  }

  @Test
  void a_refusal_is_an_answer_and_opens_no_breaker_however_often_it_comes() {
    barAnswers(Cancel.Outcome.TOO_LATE, OrderStatus.PREPARING, 2);

    for (int i = 0; i < 20; i++) {
      UUID orderId = placed();
      assertThat(cancel(orderId)).isEqualTo(new TooLate(OrderStatus.PREPARING));
      assertThat(status(orderId)).isEqualTo(OrderStatus.PREPARING);
    }
    assertThat(asked).hasSize(20);
  }

  @Test
  void a_bar_that_does_not_answer_leaves_the_wish_stored() {
    with(Map.of("CANCEL_TIMEOUT_MS", "50"));
    barDoes(message -> {});
    UUID orderId = placed();

    assertThat(cancel(orderId)).isEqualTo(new Unanswered());
    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLING);
    assertThat(bench.told(orderId)).hasSize(1);
  }

  @Test
  void a_bar_that_is_away_or_in_trouble_leaves_the_wish_stored() {
    UUID whileAway = placed();
    UUID whileInTrouble = placed();

    assertThat(cancel(whileAway)).isEqualTo(new Unanswered());
    barDoes(message -> message.fail(500, "no database"));
    assertThat(cancel(whileInTrouble)).isEqualTo(new Unanswered());

    assertThat(status(whileAway)).isEqualTo(OrderStatus.CANCELLING);
    assertThat(status(whileInTrouble)).isEqualTo(OrderStatus.CANCELLING);
  }

  @Test
  void after_some_silences_the_bar_is_not_asked_any_more() {
    barDoes(message -> message.fail(500, "no database"));
    for (int i = 0; i < 3; i++) {
      assertThat(cancel(placed())).isEqualTo(new Unanswered());
    }
    assertThat(asked).hasSize(3);
    UUID orderId = placed();

    assertThat(cancel(orderId)).isEqualTo(new Unanswered());
    assertThat(asked).hasSize(3);
    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLING);
  }

  @Test
  void after_a_rest_one_wish_tries_the_bar_and_its_answer_lets_all_through_again() {
    with(Map.of("BREAKER_RESET_MS", "20"));
    for (int i = 0; i < 3; i++) {
      assertThat(cancel(placed())).isEqualTo(new Unanswered());
    }
    eventually("the breaker is half open", () -> standsAt("HALF_OPEN"));
    assertThat(cancel(placed())).isEqualTo(new Unanswered());
    eventually("the breaker is half open again", () -> standsAt("HALF_OPEN"));
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);

    assertThat(cancel(placed())).isEqualTo(new Cancelled());
    assertThat(standsAt("CLOSED")).isTrue();
    assertThat(cancel(placed())).isEqualTo(new Cancelled());
  }

  @Test
  void operators_see_where_the_breaker_stands_and_what_came_of_asking() {
    barAnswers(Cancel.Outcome.TOO_LATE, OrderStatus.PREPARING, 2);
    cancel(placed());
    assertThat(askBar.detail().encode()).isEqualTo("{\"breaker\":\"CLOSED\",\"silences\":0}");
    barGoesAway();
    for (int i = 0; i < 5; i++) {
      cancel(placed());
    }

    assertThat(askBar.detail().getString("breaker")).isEqualTo("OPEN");
    assertThat(metrics.get("intermission.cancel.breaker.open").gauge().value()).isEqualTo(1);
    assertThat(counted("too late")).isEqualTo(1);
    assertThat(counted("silence")).isEqualTo(3);
    assertThat(counted("not asked")).isEqualTo(2);
  }

  @Test
  void an_answer_in_between_makes_silences_forgotten() {
    for (int i = 0; i < 5; i++) {
      barDoes(message -> message.fail(500, "no database"));
      assertThat(cancel(placed())).isEqualTo(new Unanswered());
      assertThat(cancel(placed())).isEqualTo(new Unanswered());
      barAnswers(Cancel.Outcome.TOO_LATE, OrderStatus.READY, 3);
      assertThat(cancel(placed())).isEqualTo(new TooLate(OrderStatus.READY));
    }
  }

  @Test
  void a_wish_may_be_said_again_and_gets_the_answer_once_there_is_one() {
    UUID orderId = placed();
    assertThat(cancel(orderId)).isEqualTo(new Unanswered());
    assertThat(cancel(orderId)).isEqualTo(new Unanswered());

    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    assertThat(cancel(orderId)).isEqualTo(new Cancelled());
  }

  @Test
  void stored_wishes_are_settled_when_the_bar_answers_again() {
    with(Map.of("CANCEL_TIMEOUT_MS", "100", "BREAKER_RESET_MS", "20", "CANCEL_RETRY_MS", "20"));
    settleCancels();
    List<UUID> orders = List.of(placed(), placed(), placed(), placed(), placed());
    orders.forEach(orderId -> assertThat(cancel(orderId)).isEqualTo(new Unanswered()));

    UUID refused = orders.getFirst();
    barDoes(
        message -> {
          Cancel.Request request = Wire.decode(message.body(), Cancel.Request.class);
          message.reply(
              Wire.encode(
                  request.orderId().equals(refused)
                      ? new Cancel.Reply(Cancel.Outcome.TOO_LATE, OrderStatus.PREPARING, 2)
                      : new Cancel.Reply(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2)));
        });

    for (UUID orderId : orders) {
      OrderStatus settled = orderId.equals(refused) ? OrderStatus.PREPARING : OrderStatus.CANCELLED;
      eventually("the wish is settled", () -> status(orderId) == settled);
    }
  }

  @Test
  void many_wishes_are_settled_one_after_another_as_long_as_the_bar_answers() {
    List<UUID> orders = IntStream.range(0, 250).mapToObj(i -> placed()).toList();
    orders.forEach(orderId -> await(bench.store.intend(orderId, Instant.now().minusSeconds(60))));
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    with(Map.of("CANCEL_RETRY_MS", "200"));

    settleCancels();

    eventually("all are asked for", () -> asked.size() >= orders.size());
    eventually(
        "all are settled",
        () -> orders.stream().allMatch(orderId -> status(orderId) == OrderStatus.CANCELLED));
    assertThat(asked).hasSize(orders.size());
  }

  @Test
  void a_wish_that_another_process_left_behind_is_settled() {
    UUID orderId = placed();
    await(bench.store.intend(orderId, Instant.now().minusSeconds(60)));
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    with(Map.of("CANCEL_RETRY_MS", "20"));

    settleCancels();

    eventually("the wish is settled", () -> status(orderId) == OrderStatus.CANCELLED);
    assertThat(bench.told(orderId).getLast()).isInstanceOf(OrderCancelled.class);
  }

  @Test
  void a_cancel_that_the_bar_may_have_agreed_to_is_not_said_to_have_failed() {
    try (FaultyLink link = FaultyLink.to(SharedServers.postgres().port());
        OrderBench far =
            new OrderBench(
                Map.of(
                    "POSTGRES_URL",
                    "postgresql://postgres@127.0.0.1:" + link.port() + "/postgres"))) {
      Asked one = asked(barId, customerId, null, null);
      await(far.placing.place(Ids.next(), List.of(one)));
      far.vertx
          .eventBus()
          .<String>consumer(
              Cancel.ADDRESS,
              message -> {
                link.refuse();
                link.reset();
                message.fail(500, "no database");
              });
      OrderSettings settings = OrderSettings.of(far.settings.with(PATIENT));
      CancelOrder overLink =
          new CancelOrder(
              far.store,
              new AskBar(far.vertx, settings, metrics, System::nanoTime),
              Clock.systemUTC());

      Problem.Thrown unknown =
          catchThrowableOfType(
              Problem.Thrown.class,
              () ->
                  await(
                      far.onLoop(
                          () -> overLink.cancel(one.placed().orderId(), customerId, TRACE))));

      assertThat(unknown.problem().status()).isEqualTo(503);
      assertThat(unknown.problem().type()).endsWith("unknown");
      assertThat(unknown.problem().retryAfterSeconds()).isPositive();
    }
  }

  private void with(Map<String, String> changes) {
    Map<String, String> environment = new HashMap<>(PATIENT);
    environment.putAll(changes);
    OrderSettings settings = OrderSettings.of(bench.settings.with(environment));
    Clock clock = Clock.systemUTC();
    askBar = new AskBar(bench.vertx, settings, metrics, System::nanoTime);
    cancelOrder = new CancelOrder(bench.store, askBar, clock);
    settleCancels =
        new SettleCancels(
            bench.vertx,
            bench.store,
            cancelOrder,
            settings.cancelRetry(),
            settings.cancelTimeout(),
            clock);
  }

  private void settleCancels() {
    bench.onLoop(
        () -> {
          settleCancels.start();
          return Future.succeededFuture();
        });
  }

  private Cancellation cancel(UUID orderId) {
    return await(cancel(orderId, customerId));
  }

  private Future<Cancellation> cancel(UUID orderId, UUID whoever) {
    return bench.onLoop(() -> cancelOrder.cancel(orderId, whoever, TRACE));
  }

  private boolean standsAt(String state) {
    return askBar.detail().getString("breaker").equals(state);
  }

  private long counted(String outcome) {
    return metrics.get("intermission.cancel.asked").tag("outcome", outcome).timer().count();
  }

  private UUID placed() {
    Asked one = asked(barId, customerId, null, null);
    await(bench.placing.place(Ids.next(), List.of(one)));
    return one.placed().orderId();
  }

  private OrderStatus status(UUID orderId) {
    return await(bench.store.find(orderId, customerId)).status();
  }

  private void barAnswers(Cancel.Outcome outcome, OrderStatus status, int version) {
    barDoes(message -> message.reply(Wire.encode(new Cancel.Reply(outcome, status, version))));
  }

  private void barDoes(Consumer<Message<String>> what) {
    barGoesAway();
    bar =
        bench
            .vertx
            .eventBus()
            .consumer(
                Cancel.ADDRESS,
                message -> {
                  asked.add(Wire.decode(message.body(), Cancel.Request.class));
                  what.accept(message);
                });
    await(bar.completion());
  }

  private void barGoesAway() {
    if (bar != null) {
      await(bar.unregister());
      bar = null;
    }
  }
}
