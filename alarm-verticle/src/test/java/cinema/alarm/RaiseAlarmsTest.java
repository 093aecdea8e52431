package cinema.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RaiseAlarmsTest {
  @Test
  void an_alarm_says_in_one_sentence_what_was_ordered() {
    assertThat(RaiseAlarms.summary(Orders.placed("lobby", "Haneul").lines()))
        .isEqualTo("2 × Caramel popcorn, 1 × Cola");
  }
}
