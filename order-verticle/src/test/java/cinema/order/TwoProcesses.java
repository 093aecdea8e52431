package cinema.order;

import static cinema.order.Samples.newBar;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What a test of a Store stands on: a real PostgreSQL, and another process beside this one. Classes
 * take turns, for the fields are one.
 */
@ResourceLock("two processes of a class")
abstract class TwoProcesses {
  static OrderBench bench;
  static OrderBench neighbour;

  final String barId = newBar();
  final UUID customerId = UUID.randomUUID();

  @BeforeAll
  static void open() {
    bench = new OrderBench();
    neighbour = bench.neighbour();
  }

  @AfterAll
  static void close() {
    neighbour.close();
    bench.close();
  }
}
