package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.service.Metrics;
import cinema.shared.service.Settings;
import io.micrometer.core.instrument.Counter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What one service cannot apply: logged, counted, and made a record for those who look after it.
 */
final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  private final String service;
  private final Map<String, Counter> counters = new HashMap<>();

  DeadLetters(Settings settings, Collection<Topic<?>> topics) {
    this.service = settings.service();
    Metrics metrics = Metrics.of(settings);
    topics.forEach(topic -> counters.put(topic.name(), counter(metrics, topic.name())));
  }

  private static Counter counter(Metrics metrics, String topic) {
    return metrics.counter(
        "intermission.dead.letters",
        "Events that could not be applied and were set aside",
        "topic",
        topic);
  }

  private static String subject(ConsumerRecord<String, String> from) {
    return CloudEvents.header(from.headers(), "ce_subject");
  }

  private static void say(LoggingEventBuilder line, String what, String value) {
    if (value != null) {
      line.addKeyValue(what, value);
    }
  }

  ProducerRecord<String, String> add(ConsumerRecord<String, String> from, Throwable reason) {
    LoggingEventBuilder line = LOG.atError();
    if (reason instanceof Wire.Unreadable) {
      // Where in our code it was read tells nobody anything.
      line.addKeyValue("reason", reason.getMessage());
    } else {
      line.setCause(reason);
    }
    say(line, "trace", CloudEvents.traceId(from));
    // Of a menu's events it is the item.
    say(line, from.topic().equals(Topic.MENUS.name()) ? "item" : "order", subject(from));
    line.log(
        "event {}-{}@{} cannot be applied by {} and is set aside",
        from.topic(),
        from.partition(),
        from.offset(),
        service);
    counters.get(from.topic()).increment();
    return DeadLetter.setAside(from, service, reason);
  }
}
