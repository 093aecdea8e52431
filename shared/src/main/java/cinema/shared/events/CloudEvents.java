package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.service.Trace;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Events as Kafka records: CloudEvents 1.0, Kafka protocol binding 1.0.2, binary mode. */
public final class CloudEvents {
  private static final byte[] VERSION = bytes("1.0");
  private static final byte[] JSON = bytes("application/json");

  private final byte[] source;

  /**
   * @param service whose events these are: CloudEvents' source is {@code /<service>}
   */
  public CloudEvents(String service) {
    this.source = bytes("/" + service);
  }

  /** The record that tells this event. Telling the same event again gives it the same id. */
  public <E extends Event> ProducerRecord<String, String> write(Topic<E> topic, Told<E> told) {
    E event = told.event();
    ProducerRecord<String, String> kafkaRecord =
        new ProducerRecord<>(topic.name(), event.key(), told.json());
    Headers headers = kafkaRecord.headers();
    headers.add("ce_specversion", VERSION);
    put(headers, "ce_id", event.subject() + ":" + event.version());
    headers.add("ce_source", source);
    put(headers, "ce_subject", event.subject());
    put(headers, "ce_time", Wire.text(event.occurredAt()));
    headers.add("content-type", JSON);
    put(headers, "ce_correlationid", told.trace().correlationId());
    put(headers, "ce_traceparent", told.trace().traceparent());
    // Kafka looks for a header from the last to the first, and reads each one's name on the way:
    // what every reader asks for comes last, and of what it passes over it reads no more.
    put(headers, "ce_type", event.type());
    return kafkaRecord;
  }

  /**
   * What a record tells.
   *
   * @throws Wire.Unreadable when it is not an event of one of these topics; the message says why
   */
  public static Told<? extends Event> read(
      Collection<Topic<?>> topics, ConsumerRecord<String, String> kafkaRecord) {
    return read(topics, type(kafkaRecord), kafkaRecord);
  }

  /**
   * @return null when it does not say
   */
  static String type(ConsumerRecord<String, String> kafkaRecord) {
    return header(kafkaRecord.headers(), "ce_type");
  }

  /**
   * @param type its {@link #type}
   */
  static Told<? extends Event> read(
      Collection<Topic<?>> topics, String type, ConsumerRecord<String, String> kafkaRecord) {
    Class<? extends Event> shape =
        topics.stream()
            .filter(topic -> topic.name().equals(kafkaRecord.topic()))
            .findFirst()
            .<Class<? extends Event>>map(topic -> topic.types().get(String.valueOf(type)))
            .orElseThrow(
                () ->
                    new Wire.Unreadable(
                        "ce_type "
                            + type
                            + " is not one of "
                            + topics.stream().map(Topic::name).collect(Collectors.joining(", "))));
    Event event = kafkaRecord.value() == null ? null : Wire.decode(kafkaRecord.value(), shape);
    if (event == null) {
      throw new Wire.Unreadable("the record has no value");
    }
    Trace trace =
        Trace.from(
            header(kafkaRecord.headers(), "ce_traceparent"),
            header(kafkaRecord.headers(), "ce_correlationid"));
    return new Told<>(event, trace);
  }

  /**
   * The trace that an event belongs to, be the event readable or not.
   *
   * @return null when it does not say
   */
  static String traceId(ConsumerRecord<String, String> kafkaRecord) {
    Trace trace = Trace.readable(header(kafkaRecord.headers(), "ce_traceparent"));
    return trace == null ? null : trace.traceId();
  }

  static void put(Headers headers, String name, String value) {
    headers.add(name, bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String header(Headers headers, String name) {
    var header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
