package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RacesTest {
  @Test
  void two_who_race_for_an_order_go_together() throws Exception {
    Races races = new Races(Duration.ofMinutes(1));
    CompletableFuture<Boolean> owner = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                owner.complete(races.meet(Calls.ORDER));
              } catch (InterruptedException e) {
                owner.completeExceptionally(e);
              }
            });
    assertThat(races.meet(Calls.ORDER)).isTrue();
    assertThat(owner.join()).isTrue();
  }

  @Test
  void who_waits_in_vain_goes_alone() throws Exception {
    Races races = new Races(Duration.ofMillis(1));
    assertThat(races.meet(Calls.ORDER)).isFalse();
    assertThat(races.meet(Calls.ORDER)).isFalse();
  }

  @Test
  void an_order_to_race_for_is_known_by_its_note() {
    assertThat(Races.isRace(Races.marked("1-7"))).isTrue();
    assertThat(Races.isRace("1-7")).isFalse();
    assertThat(Races.isRace(null)).isFalse();
  }
}
