package cinema.snackbar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.StepUndone;
import cinema.shared.contract.OrderStatus;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StepTest {
  private final UUID orderId = UUID.randomUUID();

  /** A step leads somewhere, holds already, or is refused: no. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # at             START      READY  HAND_OVER    REJECT    UNDO
          PENDING_PAYMENT, no,        no,    no,          no,       no
          PLACED,          PREPARING, no,    no,          REJECTED, no
          PREPARING,       holds,     READY, no,          REJECTED, PLACED
          READY,           no,        holds, HANDED_OVER, no,       PREPARING
          HANDED_OVER,     no,        no,    holds,       no,       READY
          CANCELLED,       no,        no,    no,          no,       no
          REJECTED,        no,        no,    no,          holds,    no
          PAYMENT_FAILED,  no,        no,    no,          no,       no
          CANCELLING,      no,        no,    no,          no,       no
          """)
  void each_step_leads_on_or_holds_already_or_is_refused(
      OrderStatus at, String start, String ready, String handOver, String reject, String undo) {
    assertThat(Step.START).satisfies(step -> assertThat(taken(step, at)).isEqualTo(start));
    assertThat(Step.READY).satisfies(step -> assertThat(taken(step, at)).isEqualTo(ready));
    assertThat(Step.HAND_OVER).satisfies(step -> assertThat(taken(step, at)).isEqualTo(handOver));
    assertThat(Step.REJECT).satisfies(step -> assertThat(taken(step, at)).isEqualTo(reject));
    assertThat(Step.UNDO).satisfies(step -> assertThat(taken(step, at)).isEqualTo(undo));
  }

  @ParameterizedTest
  @EnumSource(
      value = OrderStatus.class,
      names = {"PLACED", "PREPARING", "READY", "HANDED_OVER", "CANCELLED", "REJECTED"})
  void where_an_order_request_stands_is_told_by_an_event_of_that_status(OrderStatus status) {
    OrderRequestEvent event = Step.standing(orderId, 1, Instant.EPOCH, "lobby", status, "sold out");

    assertThat(event.status()).isEqualTo(status);
    assertThat(event.orderId()).isEqualTo(orderId);
    assertThat(event.barId()).isEqualTo("lobby");
  }

  @Test
  void an_order_request_that_was_started_and_undone_is_not_a_new_one() {
    assertThat(Step.standing(orderId, 1, Instant.EPOCH, "lobby", OrderStatus.PLACED, null))
        .isEqualTo(new OrderRequested(orderId, 1, Instant.EPOCH, "lobby"));
    assertThat(Step.standing(orderId, 3, Instant.EPOCH, "lobby", OrderStatus.PLACED, null))
        .isEqualTo(new StepUndone(orderId, 3, Instant.EPOCH, "lobby", OrderStatus.PLACED));
  }

  @Test
  void a_step_is_told_as_what_it_was() {
    assertThat(
            Step.REJECT.event(orderId, 2, Instant.EPOCH, "lobby", OrderStatus.REJECTED, "sold out"))
        .isEqualTo(new OrderRequestRejected(orderId, 2, Instant.EPOCH, "lobby", "sold out"));
    assertThat(Step.UNDO.event(orderId, 4, Instant.EPOCH, "lobby", OrderStatus.PREPARING, null))
        .isEqualTo(new StepUndone(orderId, 4, Instant.EPOCH, "lobby", OrderStatus.PREPARING));
  }

  @Test
  void no_order_request_stands_where_only_an_order_can() {
    assertThatThrownBy(
            () -> Step.standing(orderId, 1, Instant.EPOCH, "lobby", OrderStatus.CANCELLING, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String taken(Step step, OrderStatus at) {
    OrderStatus to = step.moves().get(at);
    return to != null ? to.name() : step.alreadyHolds(at) ? "holds" : "no";
  }
}
