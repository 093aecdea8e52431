package cinema.shared.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.micrometer.backends.BackendRegistries;
import java.time.Duration;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * Where one service's own figures go. Each carries the service's name, since several services may
 * share a process. Whoever counts makes its counters once, at the start: so the first event is seen
 * as an increase, and nothing is looked up while somebody waits.
 */
public final class Metrics {
  /**
   * Clients may make up methods, and each would get figures of its own, which are kept for ever.
   */
  static final MeterFilter ONLY_KNOWN_METHODS =
      MeterFilter.replaceTagValues(
          "method", method -> "other", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** Of every timer: few, and those that alerts and people ask for. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final String service;

  public Metrics(MeterRegistry registry, String service) {
    this.registry = registry;
    this.service = service;
  }

  /** Of the service that these settings are for, where {@code /metrics} shows them. */
  public static Metrics of(Settings settings) {
    return new Metrics(registry(), settings.service());
  }

  /** What {@code /metrics} shows; one that keeps nothing in a process without metrics. */
  public static MeterRegistry registry() {
    return Objects.requireNonNullElseGet(
        BackendRegistries.getDefaultNow(), CompositeMeterRegistry::new);
  }

  /**
   * @param tags names and values in turn; of each few values, and none that a client makes up
   */
  public Counter counter(String name, String description, String... tags) {
    return Counter.builder(name).description(description).tags(with(tags)).register(registry);
  }

  /** How often something happens, and how long it takes. */
  public Timer timer(String name, String description, String... tags) {
    return Timer.builder(name)
        .description(description)
        .tags(with(tags))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** How many there are each time: how often, how many in all, and the most of late. */
  public DistributionSummary sizes(String name, String description, String... tags) {
    return DistributionSummary.builder(name)
        .description(description)
        .tags(with(tags))
        .register(registry);
  }

  /**
   * What stands at some value whenever somebody looks. Of several with the same name and tags the
   * last one speaks.
   *
   * @param value may be asked on any thread
   */
  public void gauge(String name, String description, DoubleSupplier value, String... tags) {
    Gauge before = registry.find(name).tags(with(tags)).gauge();
    if (before != null) {
      registry.remove(before);
    }
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .description(description)
        .tags(with(tags))
        .strongReference(true)
        .register(registry);
  }

  private Tags with(String... tags) {
    return Tags.of(tags).and("service", service);
  }
}
