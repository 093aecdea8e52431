package cinema.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaiseAlarmsTest {
  @Test
  void an_alarm_says_in_one_sentence_what_was_ordered() {
    assertThat(RaiseAlarms.summary(Orders.placed("lobby", "Haneul").lines()))
        .isEqualTo("2 × Caramel popcorn, 1 × Cola");
  }

  @Test
  void what_raises_settles_or_empties_an_alarm_is_read() {
    OrderPlaced order = Orders.placed("lobby", "Haneul");

    List<Event> heeded =
        List.of(
            order,
            Orders.started(order),
            Orders.rejected(order),
            Orders.cancelled(order),
            Orders.forgotten(order));
    for (Event each : heeded) {
      assertThat(RaiseAlarms.UNHEEDED).doesNotContain(each.getClass());
    }
  }
}
