package cinema.order;

import static cinema.order.Samples.asked;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.Cancellation.Cancelled;
import cinema.order.Cancellation.TooLate;
import cinema.order.Cancellation.Unanswered;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderStatus;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When the bar is asked, and when it is spared. */
class AskBarTest extends CancelBench {

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
}
