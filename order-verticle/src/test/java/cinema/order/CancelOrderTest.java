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
import cinema.shared.service.Ids;
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
              new AskBar(far.vertx, settings, Metrics.of(far.settings), System::nanoTime),
              Metrics.of(far.settings),
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
}
