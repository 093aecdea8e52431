package cinema.shared.events;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.testing.Meters;
import io.vertx.core.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a reader says of how it comes along. */
@ResourceLock(Meters.LOCK)
class ProgressTest extends ReaderBench {
  private Meters meters;

  @BeforeEach
  void keepMetrics() {
    meters = new Meters();
  }

  @AfterEach
  void stopMetrics() {
    meters.close();
  }

  @Test
  void batches_are_counted_with_how_many_they_are_and_how_old() {
    read(ear::apply);
    send(Tale.of(3, bar));
    eventually("all are applied", () -> ear.events().size() == 3);

    // Other tests' events have come with them.
    eventually("they are counted", () -> ofThisReader("intermission_batch_size_sum") >= 3);
    assertThat(ofThisReader("intermission_event_delay_seconds_count"))
        .isEqualTo(ofThisReader("intermission_batch_size_count"));
    assertThat(ofThisReader("intermission_event_delay_seconds_sum")).isPositive();
  }

  @Test
  void a_reader_that_cannot_apply_is_behind_until_it_can() {
    Promise<Void> stuck = Promise.promise();
    send(Tale.of(3, bar));
    read(batch -> stuck.future());

    eventually("it is behind", () -> lag() >= 3);
    stuck.complete();
    eventually("it has caught up", () -> lag() == 0);
  }

  private double lag() {
    return meters.value("intermission_consumer_lag", "topic=\"orders\"", service());
  }

  private double ofThisReader(String name) {
    return meters.value(name, service());
  }

  private String service() {
    return "service=\"" + bench.settings().service() + "\"";
  }
}
