package cinema.shared.contract;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Samples.Form;
import cinema.shared.contract.Samples.Sample;
import cinema.shared.events.CloudEvents;
import cinema.shared.events.Told;
import cinema.shared.service.Trace;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is on the wire stays as it was promised: each format has a sample that must not change. */
class GoldenSamplesTest {
  static Stream<Sample> samples() {
    return Samples.all();
  }

  static Stream<String> kafkaRecords() {
    return Samples.kafkaRecords();
  }

  @Test
  void everything_on_the_wire_has_a_sample() {
    Set<String> sampled =
        Samples.all()
            .filter(sample -> sample.form() != null)
            .map(sample -> sample.form().name())
            .collect(Collectors.toSet());
    assertThat(sampled).containsExactlyInAnyOrderElementsOf(Samples.forms().keySet());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void every_sample_is_of_something_on_the_wire(Sample sample) {
    assertThat(sample.form()).as("the type of %s", sample).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void what_is_read_is_written_as_it_was(Sample sample) {
    Form form = sample.form();

    Object read = Wire.decode(sample.text(), form.readAs());
    String written = Wire.encode(read);

    assertThat(read).isInstanceOf(form.type());
    assertThat(Samples.tree(written)).isEqualTo(Samples.tree(sample.text()));
    assertThat(Wire.decode(written, form.readAs())).isEqualTo(read);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void what_an_older_reader_does_not_know_is_passed_over(Sample sample) {
    Class<?> shape = sample.form().readAs();
    ObjectNode newer = (ObjectNode) Samples.tree(sample.text());
    newer.put("somethingNew", "from a newer service");

    assertThat(Wire.decode(newer.toString(), shape)).isEqualTo(Wire.decode(sample.text(), shape));
  }

  @ParameterizedTest
  @MethodSource("kafkaRecords")
  void an_event_is_told_as_the_record_of_its_sample(String file) {
    JsonNode sample = Samples.tree(Samples.text(file));

    ProducerRecord<String, String> told = write(topic(sample), sample);

    assertThat(tree(told)).isEqualTo(sample);
  }

  @ParameterizedTest
  @MethodSource("kafkaRecords")
  void the_record_of_a_sample_is_read_as_its_event(String file) {
    JsonNode sample = Samples.tree(Samples.text(file));
    ConsumerRecord<String, String> kafkaRecord =
        new ConsumerRecord<>(
            text(sample, "topic"), 0, 0, text(sample, "key"), sample.get("value").toString());
    sample
        .get("headers")
        .properties()
        .forEach(
            header ->
                kafkaRecord
                    .headers()
                    .add(
                        header.getKey(),
                        header.getValue().textValue().getBytes(StandardCharsets.UTF_8)));

    Told<? extends Event> read = CloudEvents.read(Topic.ALL, kafkaRecord);

    assertThat(read.event()).isEqualTo(event(topic(sample), sample));
    assertThat(read.trace().traceId()).isEqualTo(trace(sample).traceId());
    assertThat(read.trace().correlationId()).isEqualTo(trace(sample).correlationId());
  }

  private static <E extends Event> ProducerRecord<String, String> write(
      Topic<E> topic, JsonNode sample) {
    String service = header(sample, "ce_source").substring(1);
    return new CloudEvents(service).write(topic, new Told<>(event(topic, sample), trace(sample)));
  }

  private static Topic<?> topic(JsonNode sample) {
    return Topic.ALL.stream()
        .filter(topic -> topic.name().equals(text(sample, "topic")))
        .findFirst()
        .orElseThrow();
  }

  private static <E extends Event> E event(Topic<E> topic, JsonNode sample) {
    Class<? extends E> type = topic.types().get(header(sample, "ce_type"));
    return Wire.decode(sample.get("value").toString(), type);
  }

  private static Trace trace(JsonNode sample) {
    String[] parts = header(sample, "ce_traceparent").split("-");
    return new Trace(parts[1], parts[2], header(sample, "ce_correlationid"), parts[3].equals("01"));
  }

  private static JsonNode tree(ProducerRecord<String, String> kafkaRecord) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("topic", kafkaRecord.topic()).put("key", kafkaRecord.key());
    ObjectNode headers = tree.putObject("headers");
    kafkaRecord
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    tree.set("value", Samples.tree(kafkaRecord.value()));
    return tree;
  }

  private static String header(JsonNode sample, String name) {
    return text(sample.get("headers"), name);
  }

  private static String text(JsonNode node, String field) {
    return node.get(field).textValue();
  }
}
