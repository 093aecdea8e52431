package cinema.order;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One {@link OrderBench} for all tests of a class. */
abstract class OrderTest {
  static OrderBench bench;

  @BeforeAll
  static void open() {
    bench = new OrderBench();
  }

  @AfterAll
  static void close() {
    bench.close();
  }
}
