package cinema.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of a difference may be chance. */
class ByTurnsTest {
  @Test
  void what_is_the_same_in_every_turn_is_no_chance_however_fast_the_machine_was() {
    assertThat(ByTurns.turnByTurn(List.of(100.0, 200.0, 50.0), List.of(110.0, 220.0, 55.0)))
        .isEqualTo("+10 ± 0 %");
  }

  @Test
  void what_differs_now_one_way_and_now_the_other_may_be() {
    // 20, -20, 20 and -20 per cent: deviation 23.1, of four turns half of that.
    assertThat(ByTurns.turnByTurn(List.of(10.0, 10.0, 10.0, 10.0), List.of(12.0, 8.0, 12.0, 8.0)))
        .isEqualTo("+0 ± 12 %");
  }

  @Test
  void one_turn_says_nothing_of_chance() {
    assertThat(ByTurns.turnByTurn(List.of(4.0), List.of(3.0))).isEqualTo("-25 %");
  }
}
