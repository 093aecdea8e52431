package cinema.shared.events;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.service.Settings;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
  @Test
  void what_clients_count_is_not_kept_for_nobody() throws Exception {
    String service = Tale.unique("uncounted");
    Settings settings = Settings.of(service, Map.of());
    try (var consumer = new KafkaConsumer<>(new HashMap<>(KafkaClients.consumer(settings)))) {
      assertThat(consumer.metrics()).isNotEmpty();
      assertThat(
              ManagementFactory.getPlatformMBeanServer()
                  .queryNames(
                      new ObjectName("kafka.consumer:type=consumer-metrics,client-id=" + service),
                      null))
          .isEmpty();
    }
  }
}
