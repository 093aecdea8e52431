package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void methods_that_clients_make_up_get_no_figures_of_their_own() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    registry.config().meterFilter(Metrics.ONLY_KNOWN_METHODS);

    for (String method : new String[] {"GET", "M-1", "M-2", "get"}) {
      registry.counter("requests", "method", method).increment();
    }

    assertThat(registry.find("requests").counters())
        .extracting(counter -> counter.getId().getTag("method"))
        .containsExactlyInAnyOrder("GET", "other");
  }

  @Test
  void services_of_one_process_are_told_apart_and_the_last_gauge_of_one_speaks() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new Metrics(registry, "order").gauge("waiting", "Who waits", () -> 1);
    new Metrics(registry, "view").gauge("waiting", "Who waits", () -> 2);

    new Metrics(registry, "order").gauge("waiting", "Who waits", () -> 3);

    assertThat(registry.get("waiting").tag("service", "order").gauge().value()).isEqualTo(3);
    assertThat(registry.get("waiting").tag("service", "view").gauge().value()).isEqualTo(2);
  }
}
