package cinema.view;

import cinema.shared.testing.Bench;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * One {@link RunningView} for all tests of a class. Classes take turns: the field is one, and views
 * that run at once would share what is told.
 */
@ResourceLock("the view of a class")
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
