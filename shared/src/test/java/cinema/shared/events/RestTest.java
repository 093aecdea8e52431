package cinema.shared.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a reader rests between two batches. */
class RestTest {
  @ParameterizedTest
  @CsvSource({"1, 2, 40", "400, 2, 40", "1, 0, 0", "1, 900, 60", "401, 900, 0", "0, 900, 0"})
  void twenty_times_as_long_as_the_batch_took_but_not_too_long_and_not_with_a_backlog(
      int records, long tookMillis, long rest) {
    long tookNanos = TimeUnit.MILLISECONDS.toNanos(tookMillis);
    assertThat(EventReader.rest(records, tookNanos)).isEqualTo(rest);
  }
}
