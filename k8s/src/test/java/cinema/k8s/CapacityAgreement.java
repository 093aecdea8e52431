package cinema.k8s;

import static cinema.k8s.Manifests.each;
import static cinema.k8s.Manifests.nameOf;

import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Topics, replicas and connections go together. */
final class CapacityAgreement extends Agreement {
  CapacityAgreement(Manifests manifests) {
    super(manifests);
  }

  @Override
  void check() {
    topics();
    scaling();
  }

  private void topics() {
    String partitions = setting("KAFKA_PARTITIONS");
    Map<String, String> wanted = new HashMap<>();
    for (Topic<?> topic : Topic.ALL) {
      wanted.put(topic.name(), partitions + (topic.compacted() ? " compact" : ""));
      wanted.put(topic.dead(), "1");
    }
    Map<String, String> there =
        manifests
            .all("KafkaTopic")
            .collect(
                Collectors.toMap(
                    Manifests::nameOf,
                    topic ->
                        (topic.at("/spec/partitions").asText()
                                + " "
                                + topic.path("spec").path("config").path("cleanup.policy").asText())
                            .strip()));
    expect(wanted.equals(there), "the topics are " + there + " and should be " + wanted);
    manifests
        .all("Kafka")
        .forEach(
            kafka ->
                expect(
                    kafka
                        .at("/spec/kafka/config/default.replication.factor")
                        .asText()
                        .equals(setting("KAFKA_REPLICAS")),
                    "Kafka keeps another number of copies than KAFKA_REPLICAS"));
  }

  private void scaling() {
    Stream.of("HorizontalPodAutoscaler", "PodDisruptionBudget")
        .flatMap(manifests::all)
        .forEach(
            each -> {
              JsonNode deployment = manifests.named("Deployment", nameOf(each));
              JsonNode target = each.at("/spec/scaleTargetRef/name");
              boolean fits =
                  each.at("/kind").asText().startsWith("Horizontal")
                      ? target.asText().equals(nameOf(deployment))
                      : selects(each.at("/spec/selector/matchLabels"), deployment);
              expect(
                  !deployment.isMissingNode() && fits,
                  "a " + each.at("/kind").asText() + " is for nothing: " + nameOf(each));
            });
    manifests.all("HorizontalPodAutoscaler").forEach(this::most);
  }

  /** One more while it is rolled; and each has a connection for migrations at its start. */
  private void most(JsonNode autoscaler) {
    int most = autoscaler.at("/spec/maxReplicas").asInt();
    expect(
        most <= Integer.parseInt(setting("KAFKA_PARTITIONS")),
        nameOf(autoscaler) + " would have replicas without partitions");
    String database = nameOf(autoscaler).replace("-verticle", "-db");
    int connections =
        manifests
            .named("Cluster", database)
            .at("/spec/postgresql/parameters/max_connections")
            .asInt();
    int each = Settings.of("any", Map.of()).databaseConnections() + 1;
    expect((most + 1) * each <= connections, database + " has too few connections");
  }

  private String setting(String name) {
    return manifests.named("ConfigMap", "intermission").path("data").path(name).asText();
  }
}
