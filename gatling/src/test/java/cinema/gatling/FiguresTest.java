package cinema.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void percentiles_are_by_nearest_rank() {
    long[] hundredToOne = LongStream.rangeClosed(1, 100).map(n -> 101 - n).toArray();
    assertThat(Figures.of(hundredToOne)).isEqualTo(new Figures(100, 50, 90, 99, 100));
  }

  @Test
  void one_is_every_percentile_and_none_is_nought() {
    assertThat(Figures.of(new long[] {7})).isEqualTo(new Figures(1, 7, 7, 7, 7));
    assertThat(Figures.of(new long[0])).isEqualTo(new Figures(0, 0, 0, 0, 0));
  }
}
