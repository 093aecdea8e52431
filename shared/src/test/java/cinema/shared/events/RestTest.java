package cinema.shared.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a reader rests between two batches. */
class RestTest {
  @ParameterizedTest
  @CsvSource({
    "3, 1, 2, 6",
    "3, 200, 2, 6",
    "3, 1, 0, 0",
    "3, 1, 900, 20",
    "3, 201, 900, 0",
    "3, 0, 900, 0",
    "0, 1, 900, 0"
  })
  void as_many_times_as_long_as_the_batch_took_but_not_too_long_and_not_with_a_backlog(
      int times, int records, long tookMillis, long rest) {
    long tookNanos = TimeUnit.MILLISECONDS.toNanos(tookMillis);
    assertThat(EventReader.rest(times, records, tookNanos)).isEqualTo(rest);
  }
}
