package cinema.view;

import cinema.shared.testing.Bench;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One {@link RunningView} for all tests of a class. */
abstract class ViewTest {
  static RunningView view;

  @BeforeAll
  static void start() {
    view = new RunningView(Bench.withKafka("view"));
  }

  @AfterAll
  static void stop() {
    view.close();
  }
}
