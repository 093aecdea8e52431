package cinema.chaos;

import static cinema.chaos.BarStep.HAND_OVER;
import static cinema.chaos.BarStep.READY;
import static cinema.chaos.BarStep.REJECT;
import static cinema.chaos.BarStep.START;
import static cinema.chaos.BarStep.UNDO;
import static cinema.chaos.Calls.absent;
import static cinema.chaos.Calls.cancel;
import static cinema.chaos.Calls.cancelled;
import static cinema.chaos.Calls.ok;
import static cinema.chaos.Calls.pending;
import static cinema.chaos.Calls.refused;
import static cinema.chaos.Calls.step;
import static cinema.chaos.Calls.tooLate;
import static cinema.chaos.Calls.unknown;
import static cinema.chaos.Calls.unknownCancel;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Outcome.Refused;
import cinema.shared.contract.OrderStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private static boolean explains(OrderStatus end, int version, Operation... calls) {
    return Linearizability.explains(0, List.of(calls), end, version);
  }

  @Test
  void an_order_nobody_touched_stands_at_placed_or_has_not_come_yet() {
    assertThat(explains(OrderStatus.PLACED, 1)).isTrue();
    assertThat(explains(null, 0)).isTrue();
    assertThat(explains(OrderStatus.PREPARING, 2)).isFalse();
    assertThat(explains(OrderStatus.PLACED, 2)).isFalse();
  }

  @Test
  void steps_one_after_the_other_lead_to_the_end() {
    Operation start = ok(START, 1, 2, OrderStatus.PREPARING);
    Operation ready = ok(READY, 3, 4, OrderStatus.READY);
    Operation handOver = ok(HAND_OVER, 5, 6, OrderStatus.HANDED_OVER);
    assertThat(explains(OrderStatus.HANDED_OVER, 4, start, ready, handOver)).isTrue();
    assertThat(explains(OrderStatus.READY, 3, start, ready, handOver)).isFalse();
    assertThat(explains(OrderStatus.HANDED_OVER, 4, start, handOver)).isFalse();
  }

  @Test
  void what_was_answered_before_another_was_asked_happened_before_it() {
    Operation ready = ok(READY, 1, 2, OrderStatus.READY);
    assertThat(explains(OrderStatus.READY, 3, ready, ok(START, 3, 4, OrderStatus.PREPARING)))
        .isFalse();
    assertThat(explains(OrderStatus.READY, 3, ready, ok(START, 2, 4, OrderStatus.PREPARING)))
        .isTrue();
  }

  @Test
  void an_order_does_not_come_before_it_is_asked_for() {
    List<Operation> start = List.of(ok(START, 1, 2, OrderStatus.PREPARING));
    assertThat(Linearizability.explains(2, start, OrderStatus.PREPARING, 2)).isTrue();
    assertThat(Linearizability.explains(3, start, OrderStatus.PREPARING, 2)).isFalse();
  }

  @Test
  void cancel_against_start_has_one_winner() {
    Operation start = ok(START, 1, 5, OrderStatus.PREPARING);
    assertThat(explains(OrderStatus.PREPARING, 2, start, tooLate(1, 5, OrderStatus.PREPARING)))
        .isTrue();
    assertThat(
            explains(
                OrderStatus.CANCELLED,
                2,
                cancelled(1, 5),
                refused(START, 1, 5, OrderStatus.CANCELLED)))
        .isTrue();
    assertThat(explains(OrderStatus.CANCELLED, 3, start, cancelled(1, 5))).isFalse();
    assertThat(explains(OrderStatus.CANCELLED, 2, start, cancelled(1, 5))).isFalse();
    assertThat(explains(OrderStatus.PREPARING, 2, start, cancelled(1, 5))).isFalse();
  }

  @Test
  void a_cancel_may_win_again_once_a_start_was_undone() {
    assertThat(
            explains(
                OrderStatus.CANCELLED,
                4,
                ok(START, 1, 2, OrderStatus.PREPARING),
                ok(UNDO, 3, 4, OrderStatus.PLACED),
                cancelled(5, 6)))
        .isTrue();
  }

  @Test
  void a_cancel_that_overtakes_its_order_leaves_a_tombstone() {
    assertThat(explains(OrderStatus.CANCELLED, 1, cancelled(1, 2))).isTrue();
    assertThat(
            explains(
                OrderStatus.CANCELLED,
                1,
                absent(START, 1, 2),
                cancelled(3, 4),
                refused(START, 5, 6, OrderStatus.CANCELLED)))
        .isTrue();
    assertThat(explains(OrderStatus.PREPARING, 2, cancelled(1, 2), unknown(START, 3, 4))).isFalse();
  }

  @Test
  void repeating_what_holds_changes_nothing() {
    Operation start = ok(START, 1, 2, OrderStatus.PREPARING);
    assertThat(explains(OrderStatus.PREPARING, 2, start, ok(START, 3, 4, OrderStatus.PREPARING)))
        .isTrue();
    assertThat(explains(OrderStatus.CANCELLED, 2, cancelled(1, 2), cancelled(3, 4))).isTrue();
    assertThat(explains(OrderStatus.PLACED, 1, ok(UNDO, 1, 2, OrderStatus.PLACED))).isFalse();
    assertThat(explains(OrderStatus.PLACED, 3, start, ok(UNDO, 3, 4, OrderStatus.PLACED))).isTrue();
  }

  @Test
  void an_acknowledged_step_leads_where_its_answer_says() {
    assertThat(explains(OrderStatus.PREPARING, 2, ok(START, 1, 2, OrderStatus.READY))).isFalse();
    assertThat(explains(OrderStatus.REJECTED, 2, ok(REJECT, 1, 2, OrderStatus.REJECTED))).isTrue();
  }

  @Test
  void a_refused_step_names_a_status_that_forbids_it_and_holds_just_then() {
    Operation start = ok(START, 1, 2, OrderStatus.PREPARING);
    assertThat(
            explains(
                OrderStatus.PREPARING, 2, start, refused(HAND_OVER, 3, 4, OrderStatus.PREPARING)))
        .isTrue();
    assertThat(
            explains(OrderStatus.PREPARING, 2, start, refused(HAND_OVER, 3, 4, OrderStatus.PLACED)))
        .isFalse();
    assertThat(explains(OrderStatus.PLACED, 1, refused(START, 1, 2, OrderStatus.PLACED))).isFalse();
    assertThat(
            explains(OrderStatus.PREPARING, 2, start, refused(START, 3, 4, OrderStatus.PREPARING)))
        .isFalse();
  }

  @Test
  void not_found_means_that_the_bar_had_no_such_order() {
    Operation start = ok(START, 3, 4, OrderStatus.PREPARING);
    assertThat(explains(OrderStatus.PREPARING, 2, absent(START, 1, 2), start)).isTrue();
    assertThat(explains(OrderStatus.PREPARING, 2, start, absent(READY, 5, 6))).isFalse();
    assertThat(explains(null, 0, absent(START, 1, 2))).isTrue();
    assertThat(explains(null, 0, refused(START, 1, 2, null))).isFalse();
  }

  @Test
  void a_refused_cancel_names_what_held_at_some_moment_before() {
    Operation start = ok(START, 1, 2, OrderStatus.PREPARING);
    Operation undo = ok(UNDO, 3, 4, OrderStatus.PLACED);
    // order-verticle had not heard of the undo yet.
    assertThat(explains(OrderStatus.PLACED, 3, start, undo, tooLate(5, 6, OrderStatus.PREPARING)))
        .isTrue();
    assertThat(explains(OrderStatus.PLACED, 3, start, undo, tooLate(5, 6, OrderStatus.READY)))
        .isFalse();
    assertThat(explains(OrderStatus.PREPARING, 2, tooLate(0, 0, OrderStatus.PREPARING), start))
        .isFalse();
    assertThat(explains(OrderStatus.PLACED, 1, tooLate(5, 6, OrderStatus.PLACED))).isFalse();
  }

  @Test
  void an_unknown_call_may_have_happened_or_not_once_and_not_before_it_was_asked_for() {
    Operation start = unknown(START, 1, 2);
    assertThat(explains(OrderStatus.PLACED, 1, start)).isTrue();
    assertThat(explains(OrderStatus.PREPARING, 2, start)).isTrue();
    assertThat(
            explains(
                OrderStatus.PREPARING,
                4,
                start,
                ok(START, 3, 4, OrderStatus.PREPARING),
                ok(UNDO, 5, 6, OrderStatus.PLACED)))
        .as("it came long after its client gave up")
        .isTrue();
    assertThat(explains(OrderStatus.READY, 3, start, unknown(READY, 3, 4))).isTrue();
    assertThat(
            explains(
                OrderStatus.PREPARING,
                2,
                refused(READY, 1, 2, OrderStatus.PREPARING),
                unknown(START, 3, 4)))
        .isFalse();
    assertThat(
            explains(
                OrderStatus.PREPARING,
                6,
                start,
                ok(START, 3, 4, OrderStatus.PREPARING),
                ok(UNDO, 5, 6, OrderStatus.PLACED),
                ok(UNDO, 7, 8, OrderStatus.PLACED)))
        .as("a start and its late shadow, undone twice, cannot end started")
        .isFalse();
  }

  @Test
  void a_cancel_without_answer_may_be_settled_at_any_time_or_never() {
    for (Operation wish : List.of(pending(1, 2), unknownCancel(1, 2))) {
      assertThat(explains(OrderStatus.PLACED, 1, wish)).isTrue();
      assertThat(explains(OrderStatus.CANCELLED, 2, wish)).isTrue();
      assertThat(explains(OrderStatus.CANCELLED, 1, wish)).isTrue();
      assertThat(explains(OrderStatus.PREPARING, 2, wish, ok(START, 3, 4, OrderStatus.PREPARING)))
          .isTrue();
      assertThat(explains(OrderStatus.CANCELLED, 2, wish, ok(START, 3, 4, OrderStatus.PREPARING)))
          .isFalse();
    }
  }

  @Test
  void other_refusals_say_nothing() {
    Operation busy = step(START, 1, 2, new Refused(429, "too-many", null));
    Operation gone = cancel(1, 2, new Refused(0, "not-connected", null));
    assertThat(explains(OrderStatus.PLACED, 1, busy, gone)).isTrue();
    assertThat(explains(OrderStatus.PREPARING, 2, busy, gone)).isFalse();
  }

  @Test
  void many_calls_without_answer_are_searched_in_reasonable_time() {
    List<Operation> calls = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      calls.add(unknown(START, i, i + 1));
      calls.add(unknown(UNDO, i, i + 1));
    }
    assertThat(Linearizability.explains(0, calls, OrderStatus.HANDED_OVER, 9)).isFalse();
  }

  @Test
  void more_calls_than_can_be_told_apart_are_not_checked() {
    Operation[] calls = new Operation[Linearizability.MOST_OPERATIONS + 1];
    java.util.Arrays.fill(calls, unknown(START, 1, 2));
    assertThat(Linearizability.canCheck(List.of(calls))).isFalse();
    assertThat(Linearizability.canCheck(List.of(calls).subList(1, calls.length))).isTrue();
  }
}
