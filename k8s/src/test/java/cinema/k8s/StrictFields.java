package cinema.k8s;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a document has only fields that its kind has, each of its type: by the Java models of
 * Kubernetes, of the Gateway API and of Strimzi, read strictly, and by {@code fields.yaml} for
 * kinds without one.
 */
final class StrictFields {
  private static final Map<String, Class<? extends HasMetadata>> MODELS =
      Map.ofEntries(
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("apps/v1 Deployment", Deployment.class),
          Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("gateway.networking.k8s.io/v1 Gateway", Gateway.class),
          Map.entry("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
          Map.entry("kafka.strimzi.io/v1 Kafka", Kafka.class),
          Map.entry("kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class),
          Map.entry("kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class));

  private static final Map<String, String> LISTED =
      Map.of(
          "postgresql.cnpg.io/v1 Cluster", "Cluster",
          "monitoring.coreos.com/v1 PodMonitor", "PodMonitor",
          "monitoring.coreos.com/v1 PrometheusRule", "PrometheusRule");

  /** The models keep what they do not know in a map of their own: without that, it is an error. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  private static final JsonNode FIELDS = fields();

  private StrictFields() {}

  /** What is wrong, in words; empty when nothing is. */
  static List<String> faults(JsonNode document) {
    String kind = document.at("/apiVersion").asText() + " " + document.at("/kind").asText();
    List<String> faults = new ArrayList<>();
    if (MODELS.containsKey(kind)) {
      read(document, MODELS.get(kind), kind, faults);
    } else if (LISTED.containsKey(kind)) {
      read(document.at("/metadata"), ObjectMeta.class, kind, faults);
      compare(document.at("/spec"), FIELDS.get(LISTED.get(kind)), kind + " /spec", faults);
    } else {
      faults.add(kind + " is not known");
    }
    return faults;
  }

  private static void read(JsonNode document, Class<?> model, String kind, List<String> faults) {
    try {
      STRICT.treeToValue(document, model);
    } catch (JsonMappingException e) {
      faults.add(kind + " " + e.getPathReference() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compare(JsonNode is, JsonNode may, String place, List<String> faults) {
    if (may == null) {
      faults.add(place + " is not known");
    } else if (may.isObject() && is.isObject()) {
      is.properties()
          .forEach(
              field ->
                  compare(
                      field.getValue(),
                      may.get(field.getKey()),
                      place + "/" + field.getKey(),
                      faults));
    } else if (may.isArray() && is.isArray()) {
      is.forEach(each -> compare(each, may.get(0), place, faults));
    } else if (!isA(may.asText(), is)) {
      faults.add(place + " should be " + may);
    }
  }

  private static boolean isA(String type, JsonNode value) {
    return switch (type) {
      case "integer" -> value.isInt();
      case "string" -> value.isTextual();
      case "map" -> value.isObject();
      case "any" -> value.isValueNode();
      default -> false;
    };
  }

  private static JsonNode fields() {
    try (InputStream fields = StrictFields.class.getResourceAsStream("fields.yaml")) {
      return new YAMLMapper().readTree(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
