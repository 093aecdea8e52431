package cinema.shared.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.micrometer.backends.BackendRegistries;
import java.util.Objects;

/** Where this process's own metrics go. */
public final class Metrics {
  private Metrics() {}

  /** What {@code /metrics} shows; one that keeps nothing in a process without metrics. */
  public static MeterRegistry registry() {
    return Objects.requireNonNullElseGet(
        BackendRegistries.getDefaultNow(), CompositeMeterRegistry::new);
  }
}
