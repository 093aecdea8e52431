package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.shared.testing.Bench.await;
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
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What customers are told who take their orders back. */
class CancelOrderTest extends CancelBench {

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
    await(bench.cancelling.refuse(orderId, OrderStatus.PREPARING, 2));

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
  void a_wish_may_be_said_again_and_gets_the_answer_once_there_is_one() {
    UUID orderId = placed();
    assertThat(cancel(orderId)).isEqualTo(new Unanswered());
    assertThat(cancel(orderId)).isEqualTo(new Unanswered());

    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    assertThat(cancel(orderId)).isEqualTo(new Cancelled());
  }

  @Test
  void an_order_that_its_owner_and_another_ask_for_together_is_its_owners() {
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    UUID orderId = placed();

    List<Future<Cancellation>> together =
        Stream.of(UUID.randomUUID(), UUID.randomUUID(), customerId, UUID.randomUUID())
            .map(whoever -> cancel(orderId, whoever))
            .toList();

    assertThat(together.stream().map(Bench::await))
        .containsExactly(new NotYours(), new NotYours(), new Cancelled(), new NotYours());
  }

  @Test
  void a_crowd_that_takes_its_orders_back_leaves_connections_to_others() {
    try (OrderBench narrow =
        new OrderBench(Map.of("DATABASE_CONNECTIONS", "2", "DATABASE_QUEUE", "2"))) {
      List<Asked> placed =
          IntStream.range(0, 50).mapToObj(i -> asked(barId, customerId, null, null)).toList();
      await(narrow.placing.place(Ids.next(), placed));

      assertThat(cancelAll(narrow, placed)).containsOnly(new Unanswered());
      bar(
          narrow,
          message ->
              message.reply(
                  Wire.encode(
                      new Cancel.Reply(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2))));
      assertThat(cancelAll(narrow, placed)).containsOnly(new Cancelled());
    }
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
      bar(
          far,
          message -> {
            link.refuse();
            link.reset();
            message.fail(500, "no database");
          });

      Problem.Thrown unknown =
          catchThrowableOfType(Problem.Thrown.class, () -> cancelAll(far, List.of(one)));

      assertThat(unknown.problem().status()).isEqualTo(503);
      assertThat(unknown.problem().type()).endsWith("unknown");
      assertThat(unknown.problem().retryAfterSeconds()).isPositive();
    }
  }

  private static void bar(OrderBench over, Consumer<Message<String>> what) {
    await(over.vertx.eventBus().<String>consumer(Cancel.ADDRESS, what::accept).completion());
  }

  /** All at once, as a process does that knows nothing of the bar yet. */
  private List<Cancellation> cancelAll(OrderBench over, List<Asked> placed) {
    OrderSettings settings = OrderSettings.of(over.settings.with(PATIENT));
    Metrics metrics = Metrics.of(over.settings);
    AskBar ask = new AskBar(over.vertx, settings, metrics, System::nanoTime);
    CancelOrder cancel =
        new CancelOrder(over.store, over.cancelling, ask, metrics, Clock.systemUTC());
    return await(
        over.onLoop(
            () ->
                Future.all(
                        placed.stream()
                            .map(one -> one.placed().orderId())
                            .map(orderId -> cancel.cancel(orderId, customerId, TRACE))
                            .toList())
                    .map(all -> all.<Cancellation>list())));
  }
}
