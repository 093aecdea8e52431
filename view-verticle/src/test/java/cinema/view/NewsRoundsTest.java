package cinema.view;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewsRoundsTest {
  private static final long MILLI = 1_000_000;
  private static final int MOST_WAITING = 1000;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong now = new AtomicLong();
  private final List<List<Long>> sent = new CopyOnWriteArrayList<>();

  /** How long each round takes, in nanoseconds. */
  private volatile long takes;

  private final NewsRounds rounds = new NewsRounds(vertx, now::get, this::send);

  private void send(List<News> round) {
    sent.add(round.stream().map(News::first).toList());
    now.addAndGet(takes);
    if (round.getFirst().first() < 0) {
      throw new IllegalStateException("as the test wants it");
    }
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** What comes in one go, before anything else can happen on the event loop. */
  private void come(long... numbers) {
    vertx.runOnContext(
        now -> {
          for (long number : numbers) {
            add(number);
          }
        });
  }

  private void add(long number) {
    rounds.add(new News("lobby", "e", number, List.of()));
  }

  @Test
  void news_goes_out_at_once_while_rounds_are_short() {
    come(1);
    eventually("it is sent", () -> sent.size() == 1);
    come(2);
    eventually("so is the next", () -> sent.size() == 2);
    assertThat(sent).containsExactly(List.of(1L), List.of(2L));
  }

  @Test
  void what_comes_while_a_long_round_is_rested_from_goes_out_together() {
    takes = 30 * MILLI;
    vertx.runOnContext(
        begin -> {
          add(1);
          add(2);
          vertx.setTimer(5, later -> add(3)); // in any case before the rest of 30 ms is over
        });
    eventually("the others are sent", () -> sent.size() == 2);
    assertThat(sent).containsExactly(List.of(1L), List.of(2L, 3L));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4, 0", "5, 10", "20, 40", "900, 50"})
  void the_rest_is_twice_as_long_as_the_round_but_not_too_long(long round, long rest) {
    assertThat(NewsRounds.restAfter(round)).isEqualTo(rest);
  }

  @Test
  void what_follows_one_another_at_a_bar_is_sent_as_one() {
    News.Change a = new News.Change(1, null, null, null, null);
    News.Change b = new News.Change(2, null, null, null, null);
    News.Change c = new News.Change(3, null, null, null, null);
    News first = new News("lobby", "e", 1, List.of(a, b));
    News next = new News("lobby", "e", 3, List.of(c));
    News afterAGap = new News("lobby", "e", 5, List.of(c));
    News elsewhere = new News("roof", "e", 6, List.of(c));
    News anew = new News("roof", "f", 7, List.of(c));

    assertThat(News.joined(List.of(first, elsewhere, next, anew, afterAGap)))
        .containsExactly(elsewhere, new News("lobby", "e", 1, List.of(a, b, c)), afterAGap, anew);
  }

  @Test
  void a_round_that_fails_does_not_stop_the_next() {
    come(-1);
    eventually("it is tried", () -> sent.size() == 1);
    come(2);
    eventually("the next is sent", () -> sent.size() == 2);
  }

  @Test
  void only_so_much_waits() {
    takes = 30 * MILLI;
    long[] many = new long[MOST_WAITING + 3];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    come(many);
    eventually("what is left is sent", () -> sent.size() == 2);
    assertThat(sent.getLast()).containsExactly(MOST_WAITING + 1L, MOST_WAITING + 2L);
  }
}
