package cinema.shared.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The golden samples: what other services and clients were promised that the wire looks like. A
 * file is called {@code Type.json} or {@code Type.variant.json}; to change one is a decision.
 */
final class Samples {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path HOME = home();

  /**
   * Something that has a wire format.
   *
   * @param name of its sample, without a variant
   * @param readAs what a reader asks for: the type itself, or what it is one of
   * @param schema where the documents describe it
   */
  record Form(String name, Class<?> type, Class<?> readAs, String schema) {}

  record Sample(Form form, String file) {
    String text() {
      return Samples.text(file);
    }

    @Override
    public String toString() {
      return file;
    }
  }

  private Samples() {}

  /** Everything that has a wire format, by the name of its sample. */
  static Map<String, Form> forms() {
    Map<String, Form> forms = new HashMap<>();
    for (Topic<?> topic : Topic.ALL) {
      topic.types().forEach((name, type) -> put(forms, topic.name(), type, type, message(name)));
    }
    for (Class<?> type : FeedMessage.class.getPermittedSubclasses()) {
      String schema = "asyncapi.yaml#/components/schemas/" + type.getSimpleName();
      put(forms, "feed", type, FeedMessage.class, schema);
    }
    for (Class<?> type : PickupMessage.class.getPermittedSubclasses()) {
      String schema = "asyncapi.yaml#/components/schemas/Pickup" + type.getSimpleName();
      put(forms, "pickup", type, PickupMessage.class, schema);
    }
    for (Class<?> type : MyOrdersMessage.class.getPermittedSubclasses()) {
      String schema = "asyncapi.yaml#/components/schemas/MyOrders" + type.getSimpleName();
      put(forms, "my-orders", type, MyOrdersMessage.class, schema);
    }
    for (Class<?> type : List.of(Cancel.Request.class, Cancel.Reply.class)) {
      put(forms, "cancel", type, type, message("Cancel" + type.getSimpleName()));
    }
    for (Class<?> type : List.of(Order.class, MenuItem.class, Bar.class, Alarm.class)) {
      put(forms, "http", type, type, "openapi.yaml#/components/schemas/" + type.getSimpleName());
    }
    return forms;
  }

  private static void put(
      Map<String, Form> forms, String directory, Class<?> type, Class<?> readAs, String schema) {
    String name = directory + "/" + type.getSimpleName();
    forms.put(name, new Form(name, type, readAs, schema));
  }

  private static String message(String name) {
    return "asyncapi.yaml#/components/messages/" + name + "/payload";
  }

  /** Every sample, but for the Kafka records. */
  static Stream<Sample> all() {
    Map<String, Form> forms = forms();
    return files()
        .filter(file -> !file.startsWith("kafka/"))
        .map(file -> new Sample(forms.get(file.replaceFirst("\\..*", "")), file));
  }

  static Stream<String> kafkaRecords() {
    return files().filter(file -> file.startsWith("kafka/"));
  }

  private static Stream<String> files() {
    try (Stream<Path> files = Files.walk(HOME)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> HOME.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String file) {
    try {
      return Files.readString(HOME.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path home() {
    try {
      return Path.of(Samples.class.getResource("/contract").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
