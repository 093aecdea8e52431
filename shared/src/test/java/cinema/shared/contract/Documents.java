package cinema.shared.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The API documents as trees; places in them are named like {@code openapi.yaml#/paths}. */
final class Documents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("app://contract")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);
  private static final Map<String, JsonNode> AS_WRITTEN =
      Map.of("openapi.yaml", read("openapi.yaml"), "asyncapi.yaml", read("asyncapi.yaml"));
  private static final Map<String, JsonNode> FOLLOWED =
      Map.of("openapi.yaml", followed("openapi.yaml"), "asyncapi.yaml", followed("asyncapi.yaml"));

  private Documents() {}

  private static JsonNode read(String name) {
    try (InputStream in = Documents.class.getResourceAsStream("/" + name)) {
      return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands at a place, with all references in it followed. */
  static JsonNode at(String place) {
    return found(FOLLOWED, place);
  }

  private static JsonNode found(Map<String, JsonNode> documents, String place) {
    int hash = place.indexOf('#');
    JsonNode found = documents.get(place.substring(0, hash)).at(place.substring(hash + 1));
    if (found.isMissingNode()) {
      throw new IllegalArgumentException("there is no " + place);
    }
    return found;
  }

  /** The place below another, with a key's own slashes escaped (RFC 6901). */
  static String below(String place, String... keys) {
    JsonPointer pointer = JsonPointer.empty();
    for (String key : keys) {
      pointer = pointer.appendProperty(key);
    }
    return place + pointer;
  }

  private static JsonNode followed(String document) {
    return followed(AS_WRITTEN.get(document), document);
  }

  private static JsonNode followed(JsonNode node, String document) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(element -> copy.add(followed(element, document)));
      return copy;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    if (object.has("$ref")) {
      if (object.size() > 1) {
        throw new IllegalArgumentException(object + " has siblings: use allOf");
      }
      String place = object.get("$ref").textValue().replaceFirst("^\\./", "");
      String whole = place.startsWith("#") ? document + place : place;
      return followed(found(AS_WRITTEN, whole), whole.substring(0, whole.indexOf('#')));
    }
    ObjectNode copy = JSON.createObjectNode();
    object
        .properties()
        .forEach(entry -> copy.set(entry.getKey(), followed(entry.getValue(), document)));
    return copy;
  }

  /** What of some JSON does not fit the schema at a place; empty when all of it does. */
  static List<String> faults(String schemaPlace, String json) {
    return faults(at(schemaPlace), json);
  }

  /** The same, and fields that the schema does not name are faults too. */
  static List<String> faultsAndStrangers(String schemaPlace, String json) {
    return faults(closed(at(schemaPlace).deepCopy()), json);
  }

  private static List<String> faults(JsonNode schema, String json) {
    OutputUnit result =
        Validator.create(JsonSchema.of(new JsonObject(schema.toString())), OPTIONS)
            .validate(Json.decodeValue(json));
    return result.getValid()
        ? List.of()
        : result.getErrors().stream()
            .map(error -> error.getInstanceLocation() + ": " + error.getError())
            .toList();
  }

  /**
   * The schema with no room for fields that it does not name; parts that are composed of others, or
   * that say themselves what else may come, are left as they are.
   */
  private static JsonNode closed(JsonNode node) {
    node.forEach(Documents::closed);
    if (node instanceof ObjectNode schema
        && schema.path("type").asText().equals("object")
        && schema.has("properties")
        && !schema.has("additionalProperties")) {
      schema.put("additionalProperties", false);
    }
    return node;
  }

  /** The keys of what stands at a place. */
  static Stream<String> keys(String place) {
    return at(place).properties().stream().map(Map.Entry::getKey);
  }
}
