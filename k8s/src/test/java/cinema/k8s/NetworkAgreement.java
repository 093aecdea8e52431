package cinema.k8s;

import static cinema.k8s.Manifests.each;
import static cinema.k8s.Manifests.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who is behind each name, and who may reach whom. */
final class NetworkAgreement extends Agreement {
  private static final int POSTGRES = 5432;
  private static final int KAFKA = 9092;

  NetworkAgreement(Manifests manifests) {
    super(manifests);
  }

  @Override
  void check() {
    services();
    network();
  }

  private void services() {
    manifests
        .all("Service")
        .forEach(
            service -> {
              List<JsonNode> behind =
                  manifests
                      .all("Deployment")
                      .filter(each -> selects(service.at("/spec/selector"), each))
                      .toList();
              expect(!behind.isEmpty(), "nothing is behind the Service " + nameOf(service));
              behind.forEach(
                  deployment ->
                      each(service, "/spec/ports")
                          .forEach(
                              port ->
                                  isPort(
                                      deployment,
                                      port.path("targetPort"),
                                      "the Service " + nameOf(service))));
            });
    manifests
        .all("Deployment")
        .forEach(
            deployment ->
                expect(
                    selects(deployment.at("/spec/selector/matchLabels"), deployment),
                    nameOf(deployment) + " does not select its own pods"));
  }

  private void network() {
    Set<Integer> known = new HashSet<>(Set.of(53, 443, POSTGRES, KAFKA));
    List<JsonNode> deployments = manifests.all("Deployment").toList();
    deployments.stream()
        .flatMap(deployment -> each(deployment, CONTAINER + "/ports"))
        .forEach(port -> known.add(port.path("containerPort").asInt()));
    // Where CloudNativePG asks its instances how they are.
    known.add(8000);
    manifests
        .all("NetworkPolicy")
        .forEach(
            policy ->
                policy.findValues("port").stream()
                    .filter(port -> !known.contains(port.asInt()))
                    .forEach(
                        port ->
                            faults.add(nameOf(policy) + " names a port that nobody has: " + port)));
    for (JsonNode deployment : deployments) {
      String database = nameOf(deployment).replace("-verticle", "-db");
      expect(
          policies(deployment).anyMatch(policy -> policy.toString().contains('"' + database + '"')),
          nameOf(deployment) + " is kept from its database");
      expect(
          policies(deployment)
              .anyMatch(policy -> policy.at("/spec/policyTypes").toString().contains("Ingress")),
          nameOf(deployment) + " lets everybody in");
    }
    manifests
        .all("Cluster")
        .forEach(
            database ->
                expect(
                    manifests
                        .all("NetworkPolicy")
                        .map(policy -> policy.at("/spec/podSelector/matchLabels"))
                        .anyMatch(
                            labels ->
                                labels.path("cnpg.io/cluster").asText().equals(nameOf(database))),
                    nameOf(database) + " lets everybody in"));
  }

  private Stream<JsonNode> policies(JsonNode deployment) {
    return manifests
        .all("NetworkPolicy")
        .filter(policy -> selects(policy.at("/spec/podSelector/matchLabels"), deployment));
  }
}
