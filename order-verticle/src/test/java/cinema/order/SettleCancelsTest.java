package cinema.order;

import static cinema.order.Samples.asked;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.Cancellation.Unanswered;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of cancels that the bar did not answer. */
class SettleCancelsTest extends CancelBench {

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
    await(bench.cancelling.intend(orders, Instant.now().minusSeconds(60)));
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
    await(bench.cancelling.intend(List.of(orderId), Instant.now().minusSeconds(60)));
    barAnswers(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2);
    with(Map.of("CANCEL_RETRY_MS", "20"));

    settleCancels();

    eventually("the wish is settled", () -> status(orderId) == OrderStatus.CANCELLED);
    assertThat(bench.told(orderId).getLast()).isInstanceOf(OrderCancelled.class);
  }

  @Test
  void a_wish_that_gets_no_answer_does_not_hold_up_the_others() {
    List<UUID> orders = IntStream.range(0, 5).mapToObj(i -> placed()).toList();
    await(bench.cancelling.intend(orders, Instant.now().minusSeconds(60)));
    UUID silent = orders.getFirst();
    barDoes(
        message -> {
          Cancel.Request request = Wire.decode(message.body(), Cancel.Request.class);
          if (!request.orderId().equals(silent)) {
            message.reply(
                Wire.encode(new Cancel.Reply(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2)));
          }
        });
    with(Map.of("CANCEL_TIMEOUT_MS", "300", "CANCEL_RETRY_MS", "20"));

    settleCancels();

    for (UUID orderId : orders.subList(1, orders.size())) {
      eventually("the wish is settled", () -> status(orderId) == OrderStatus.CANCELLED);
    }
    assertThat(status(silent)).isEqualTo(OrderStatus.CANCELLING);
  }

  @Test
  void while_the_breaker_is_open_wishes_are_left_to_whoever_may_ask() {
    with(Map.of("CANCEL_TIMEOUT_MS", "100", "BREAKER_FAILURES", "1", "BREAKER_RESET_MS", "60000"));
    UUID orderId = placed();
    assertThat(cancel(orderId)).isEqualTo(new Unanswered());
    eventually("the breaker is open", () -> standsAt("OPEN"));

    await(bench.onLoop(settleCancels::settle));

    Instant now = Instant.now();
    assertThat(await(bench.cancelling.claimIntents(now, now, 100)))
        .extracting(CancellingStore.Intent::orderId)
        .contains(orderId);
  }
}
