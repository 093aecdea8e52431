package cinema.shared.testing;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.micrometer.VertxPrometheusOptions;
import io.vertx.micrometer.backends.BackendRegistries;
import java.util.Arrays;

/**
 * What {@code /metrics} shows, in a test's process; to be there before what counts is made. There
 * is one in a JVM: a class that has it takes the {@link #LOCK}, and one that joins a cluster, which
 * brings its own, takes it for reading.
 */
public final class Meters implements AutoCloseable {
  public static final String LOCK = "meters";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  public Meters() {
    BackendRegistries.setupBackend(
        new MicrometerMetricsOptions()
            .setPrometheusOptions(new VertxPrometheusOptions().setEnabled(true))
            .setEnabled(true),
        registry);
  }

  public String scrape() {
    return registry.scrape();
  }

  /**
   * The sum of all samples of this name.
   *
   * @param labels that each of them has, such as {@code feed="board"}
   */
  public double value(String name, String... labels) {
    return valueIn(scrape(), name, labels);
  }

  /** The same of what an HTTP answer says. */
  public static double valueIn(String scraped, String name, String... labels) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    BackendRegistries.stop(MicrometerMetricsOptions.DEFAULT_REGISTRY_NAME);
  }
}
