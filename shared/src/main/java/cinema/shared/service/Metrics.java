package cinema.shared.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.micrometer.backends.BackendRegistries;
import java.util.Objects;

/** Where this process's own metrics go. */
public final class Metrics {
  /**
   * Clients may make up methods, and each would get figures of its own, which are kept for ever.
   */
  static final MeterFilter ONLY_KNOWN_METHODS =
      MeterFilter.replaceTagValues(
          "method", method -> "other", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private Metrics() {}

  /** What {@code /metrics} shows; one that keeps nothing in a process without metrics. */
  public static MeterRegistry registry() {
    return Objects.requireNonNullElseGet(
        BackendRegistries.getDefaultNow(), CompositeMeterRegistry::new);
  }
}
