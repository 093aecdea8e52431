package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(Meters.LOCK)
class PulseTest {
  private static final String LATE = "intermission_event_loop_delay_seconds";

  private final Meters meters = new Meters();
  private final Bench bench = Bench.of("web");

  @AfterEach
  void close() {
    bench.close();
    meters.close();
  }

  @Test
  void a_service_that_says_it_is_ready_shows_it() {
    WebServer server = new WebServer(bench.vertx(), bench.settings());
    assertThat(meters.value("intermission_ready", "service=\"web\"")).isZero();
    await(server.listen());
    eventually("it is ready", () -> meters.value("intermission_ready") == 1);

    Bench other = Bench.of("other");
    WebServer unready = new WebServer(other.vertx(), other.settings());
    unready.health().readyWhen("never", () -> Future.succeededFuture(false));
    await(unready.listen());
    eventually("its event loop beats", () -> meters.value(LATE + "_count", "other") > 3);
    assertThat(meters.value("intermission_ready", "service=\"other\"")).isZero();
    other.close();
  }

  @Test
  void an_event_loop_that_is_held_up_is_late() {
    Pulse pulse = pulse(System::nanoTime);
    bench.onLoop(
        () -> {
          pulse.start();
          return Future.succeededFuture();
        });
    bench.onLoop(
        () -> {
          LockSupport.parkNanos(400_000_000L);
          return Future.succeededFuture();
        });

    eventually("it is late", () -> meters.value(LATE + "_sum") > 0.2);
  }

  @Test
  void beats_that_come_at_once_after_a_long_stop_are_late_once() {
    AtomicLong now = new AtomicLong();
    Pulse pulse = pulse(now::get);

    now.addAndGet(3_000_000_000L);
    pulse.beat();
    pulse.beat();
    pulse.beat();

    assertThat(meters.value(LATE + "_count")).isEqualTo(3);
    assertThat(meters.value(LATE + "_sum")).isEqualTo(3);
  }

  private Pulse pulse(LongSupplier nanoTime) {
    Metrics metrics = Metrics.of(bench.settings());
    return new Pulse(bench.vertx(), metrics, new Health(bench.vertx()), nanoTime);
  }
}
