package cinema.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.gatling.Stopwatch.Lap;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private static final long MILLI = 1_000_000;

  private final Stopwatch stopwatch = new Stopwatch(1);

  @Test
  void an_order_is_timed_from_due_to_sent_to_accepted_to_seen() {
    accepted("a", 0);
    assertThat(stopwatch.isDone()).isFalse();
    stopwatch.seen("a", 10 * MILLI);
    stopwatch.seen("a", 99 * MILLI);
    assertThat(stopwatch.isDone()).isTrue();
    assertThat(stopwatch.table().lines())
        .anyMatch(row -> row.matches("due .* 1 +0 +1\\.00 +1\\.00 +1\\.00 +1\\.00"))
        .anyMatch(row -> row.matches("sent .* 1 +0 +2\\.00 +2\\.00 +2\\.00 +2\\.00"))
        .anyMatch(row -> row.matches("201 .* 1 +0 +7\\.00 +7\\.00 +7\\.00 +7\\.00"));
  }

  @Test
  void an_order_seen_before_its_answer_took_no_time_at_all() {
    Lap lap = stopwatch.start(0, true);
    stopwatch.sent(lap, 0);
    stopwatch.seen("a", 1);
    stopwatch.accepted(lap, "a", 5 * MILLI);
    assertThat(stopwatch.isDone()).isTrue();
    assertThat(stopwatch.table()).containsPattern("201 .* 1 +0 +0\\.00 +0\\.00 +0\\.00 +0\\.00");
  }

  @Test
  void an_order_never_seen_is_missing() {
    accepted("a", 0);
    accepted("b", 0);
    stopwatch.seen("a", 3 * MILLI);
    assertThat(stopwatch.isDone()).isFalse();
    assertThat(stopwatch.notSeen()).isEqualTo(1);
    assertThat(stopwatch.table()).containsPattern("sent .* 2 +0 ").containsPattern("201 .* 1 +1 ");
  }

  @Test
  void a_refused_order_is_missing_but_not_waited_for() {
    stopwatch.refused(stopwatch.start(0, true), "429 Too Many Requests");
    assertThat(stopwatch.isDone()).isTrue();
    assertThat(stopwatch.refusals()).containsEntry("429 Too Many Requests", 1);
    assertThat(stopwatch.table()).containsPattern("sent .* 0 +1 ").containsPattern("201 .* 0 +1 ");
  }

  @Test
  void warming_up_is_watched_but_not_counted() {
    stopwatch.accepted(stopwatch.start(0, false), "w", MILLI);
    assertThat(stopwatch.isDone()).isFalse();
    assertThat(stopwatch.notSeen()).isEqualTo(1);
    assertThat(stopwatch.table()).containsPattern("201 .* 0 +0 ");
  }

  @Test
  void on_many_screens_an_order_is_timed_on_each_and_on_the_last() {
    Stopwatch three = new Stopwatch(3);
    three.seen("early", MILLI);
    Lap lap = three.start(0, true);
    three.seen("a", MILLI);
    three.accepted(lap, "a", 2 * MILLI);
    three.seen("a", 4 * MILLI);
    assertThat(three.isDone()).isFalse();
    three.seen("a", 9 * MILLI);
    assertThat(three.isDone()).isTrue();
    assertThat(three.table())
        .containsPattern("on each of 3 screens +3 +0 +2\\.00 +7\\.00 ")
        .containsPattern("on the last of them +1 +0 +7\\.00 ");
  }

  @Test
  void other_peoples_orders_do_not_matter() {
    stopwatch.seen("theirs", 1);
    accepted("a", 0);
    stopwatch.seen("theirs too", 2);
    stopwatch.seen("a", 4 * MILLI);
    assertThat(stopwatch.isDone()).isTrue();
    assertThat(stopwatch.table()).containsPattern("201 .* 1 +0 ");
  }

  private void accepted(String orderId, long due) {
    Lap lap = stopwatch.start(due, true);
    stopwatch.sent(lap, due + MILLI);
    stopwatch.accepted(lap, orderId, due + 3 * MILLI);
  }
}
