package cinema.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Where all waiting for nothing but time is done. */
@FunctionalInterface
interface Pause {
  Pause REAL = duration -> TimeUnit.NANOSECONDS.sleep(duration.toNanos());

  void take(Duration duration) throws InterruptedException;
}
