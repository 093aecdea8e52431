package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one service cannot apply: logged, counted, and made a record for those who look after it.
 */
final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private final String service;
  private final Map<String, Counter> counters = new HashMap<>();

  DeadLetters(String service, Collection<Topic<?>> topics) {
    this.service = service;
    MeterRegistry metrics = Metrics.registry();
    // From the start, so that the first one is seen as an increase.
    topics.forEach(topic -> counters.put(topic.name(), counter(metrics, topic.name())));
  }

  private Counter counter(MeterRegistry metrics, String topic) {
    return Counter.builder("intermission.dead.letters")
        .description("Events that could not be applied and were set aside")
        .tag("service", service)
        .tag("topic", topic)
        .register(metrics);
  }

  ProducerRecord<String, String> add(ConsumerRecord<String, String> from, Throwable reason) {
    LOG.error(
        "event {}-{}@{} cannot be applied by {} and is set aside",
        from.topic(),
        from.partition(),
        from.offset(),
        service,
        reason);
    counters.get(from.topic()).increment();
    return DeadLetter.setAside(from, service, reason);
  }
}
