package cinema.shared.contract;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Samples.Form;
import cinema.shared.contract.Samples.Sample;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say of what is on the wire is what the code writes. */
class SchemasTest {
  static Stream<Sample> samples() {
    return Samples.all();
  }

  static Stream<String> kafkaRecords() {
    return Samples.kafkaRecords();
  }

  static Stream<Form> forms() {
    return Samples.forms().values().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_sample_fits_its_schema_and_has_no_field_that_is_not_named_there(Sample sample) {
    assertThat(Documents.faultsAndStrangers(sample.form().schema(), sample.text())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kafkaRecords")
  void a_records_headers_fit_their_schema(String file) {
    String headers = Samples.tree(Samples.text(file)).get("headers").toString();
    String schema = "asyncapi.yaml#/components/messageTraits/CloudEvent/headers";
    assertThat(Documents.faultsAndStrangers(schema, headers)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_schema_names_the_fields_of_its_record(Form form) {
    Set<String> extra = form.readAs().isSealed() ? Set.of("type") : Set.of();
    compare(form.type(), Documents.at(form.schema()), extra);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void what_a_schema_requires_is_what_every_sample_has(Form form) {
    List<Set<String>> samples =
        Samples.all()
            .filter(sample -> form.equals(sample.form()))
            .map(sample -> fieldNames(Samples.tree(sample.text())))
            .toList();
    Set<String> everywhere = new HashSet<>(samples.getFirst());
    samples.forEach(everywhere::retainAll);
    assertThat(words(Documents.at(form.schema()).path("required"))).isEqualTo(everywhere);
  }

  private static void compare(Class<?> type, JsonNode schema, Set<String> extra) {
    Set<String> fields =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toSet());
    fields.addAll(extra);
    assertThat(fieldNames(schema.get("properties"))).as(type.getSimpleName()).isEqualTo(fields);
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode property = schema.get("properties").get(component.getName());
      if (component.getGenericType() instanceof ParameterizedType list
          && component.getType() == List.class) {
        compare((Class<?>) list.getActualTypeArguments()[0], property.get("items"), Set.of());
      } else if (component.getType().isRecord()) {
        compare(component.getType(), property, Set.of());
      } else if (component.getType().isEnum()) {
        Set<String> values =
            Arrays.stream(component.getType().getEnumConstants())
                .map(String::valueOf)
                .collect(Collectors.toSet());
        assertThat(words(property.findValue("enum"))).as(component.getName()).isEqualTo(values);
      }
    }
  }

  private static Set<String> fieldNames(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private static Set<String> words(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toSet());
  }
}
