package cinema.order;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One {@link OrderBench} for all tests of a class; classes take turns, for the field is one. */
@ResourceLock("the bench of a class")
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
