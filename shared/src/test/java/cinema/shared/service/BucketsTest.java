package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
  /** Close to where it wraps around: nanoTime may begin anywhere. */
  private long nanos = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(1500);

  private final Buckets buckets = new Buckets(Buckets.Rate.parse("2/3"), () -> nanos);

  @Test
  void a_burst_may_be_had_at_once_and_then_so_many_a_second() {
    assertThat(buckets.take("mina")).isEqualTo(new Buckets.Taken(2, 0, 1));
    assertThat(buckets.take("mina").left()).isEqualTo(1);
    assertThat(buckets.take("mina")).isEqualTo(new Buckets.Taken(0, 0, 2));
    assertThat(buckets.take("mina")).isEqualTo(new Buckets.Taken(0, 1, 2));

    for (int half = 0; half < 10; half++) {
      nanos += TimeUnit.MILLISECONDS.toNanos(500);
      assertThat(buckets.take("mina").isGranted()).isTrue();
      assertThat(buckets.take("mina").isGranted()).isFalse();
    }
    nanos += TimeUnit.SECONDS.toNanos(60);
    assertThat(buckets.take("mina").left()).isEqualTo(2);
  }

  @Test
  void what_one_has_taken_is_not_missing_to_another() {
    while (buckets.take("greedy").isGranted()) {}
    assertThat(buckets.take("mina").left()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5/", "0/5", "5/0", "-1/5", "a/b", "5/50/500"})
  void a_rate_is_so_many_a_second_and_so_many_at_once(String text) {
    assertThatThrownBy(() -> Buckets.Rate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
