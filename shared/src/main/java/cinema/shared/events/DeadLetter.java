package cinema.shared.events;

import cinema.shared.contract.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * An event that one service could not apply, set aside on {@code <topic>.dead}; or the note there
 * that it was sent again.
 *
 * @param topic its own
 * @param partition where it stood on its own topic
 * @param offset where it stood on its own topic
 * @param service that could not apply it
 * @param reason why; empty when there was none
 * @param event CloudEvents' id, which tells it from another event that once had the same place;
 *     empty when it had none
 * @param redriven whether this is the note that it was sent again
 */
public record DeadLetter(
    String topic,
    int partition,
    long offset,
    String service,
    String reason,
    String event,
    boolean redriven) {
  private static final String REASON = "dead_reason";
  private static final String PARTITION = "dead_partition";
  private static final String OFFSET = "dead_offset";
  private static final String SERVICE = "dead_service";
  private static final String REDRIVEN = "dead_redriven";
  private static final Set<String> ALL = Set.of(REASON, PARTITION, OFFSET, SERVICE, REDRIVEN);

  /** What to put on the topic of dead letters. */
  static ProducerRecord<String, String> setAside(
      ConsumerRecord<String, String> from, String service, Throwable reason) {
    ProducerRecord<String, String> dead =
        new ProducerRecord<>(from.topic() + ".dead", null, from.key(), from.value());
    from.headers().forEach(dead.headers()::add);
    CloudEvents.put(dead.headers(), REASON, String.valueOf(reason.getMessage()));
    CloudEvents.put(dead.headers(), PARTITION, Integer.toString(from.partition()));
    CloudEvents.put(dead.headers(), OFFSET, Long.toString(from.offset()));
    CloudEvents.put(dead.headers(), SERVICE, service);
    return dead;
  }

  /**
   * What a record on a topic of dead letters says.
   *
   * @return null when it does not say where it comes from
   */
  static DeadLetter read(Topic<?> topic, ConsumerRecord<String, String> dead) {
    try {
      return new DeadLetter(
          topic.name(),
          Integer.parseInt(text(dead.headers(), PARTITION)),
          Long.parseLong(text(dead.headers(), OFFSET)),
          text(dead.headers(), SERVICE),
          text(dead.headers(), REASON),
          text(dead.headers(), "ce_id"),
          dead.headers().lastHeader(REDRIVEN) != null);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The event as it was, for its own topic. */
  static ProducerRecord<String, String> again(Topic<?> topic, ConsumerRecord<String, String> dead) {
    ProducerRecord<String, String> again =
        new ProducerRecord<>(topic.name(), null, dead.key(), dead.value());
    for (Header header : dead.headers()) {
      if (!ALL.contains(header.key())) {
        again.headers().add(header);
      }
    }
    return again;
  }

  /** The note that this one was sent again, for the topic of dead letters. */
  static ProducerRecord<String, String> note(Topic<?> topic, ConsumerRecord<String, String> dead) {
    ProducerRecord<String, String> note =
        new ProducerRecord<>(topic.dead(), null, dead.key(), null);
    dead.headers().forEach(note.headers()::add);
    CloudEvents.put(note.headers(), REDRIVEN, "true");
    return note;
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
