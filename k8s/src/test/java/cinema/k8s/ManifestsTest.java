package cinema.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Routes;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests have no unknown fields, and agree with the code and with each other. */
class ManifestsTest {
  private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

  @BeforeAll
  static void needKubectl() {
    if (!Manifests.canBeRendered()) {
      if (System.getenv("CI") != null) {
        throw new AssertionError("there is no kubectl, and .ci/run should have installed one");
      }
      System.out.println("The manifests are not tested: there is no kubectl on this machine.");
    }
    Assumptions.assumeTrue(Manifests.canBeRendered(), "no kubectl on this machine");
  }

  private static String rendered(String folder) {
    return RENDERED.computeIfAbsent(folder, Manifests::render);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlays/small", "overlays/production"})
  void an_overlay_agrees_with_the_code(String folder) {
    assertThat(Agreement.faults(Manifests.of(rendered(folder)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "infra", "monitoring"})
  void a_part_has_only_fields_that_there_are(String folder) {
    assertThat(Manifests.of(rendered(folder)).documents())
        .isNotEmpty()
        .allSatisfy(document -> assertThat(StrictFields.faults(document)).isEmpty());
  }

  /**
   * What breaks it, as a text of what is rendered and another in its place, and what is then said.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          readinessProbe:              | readynessProbe:            | readynessProbe
          minReadySeconds: 5           | minReadySeconds: soon      | minReadySeconds
          matchLabelKeys:              | matchLabelKey:             | matchLabelKey
          parentRefs:                  | parentReferences:          | parentReferences
          averageUtilization:          | avarageUtilization:        | avarageUtilization
          kraftMetadata: shared        | kraftMetadatum: shared     | kraftMetadatum
          cleanup.policy: compact      | cleanup.policy: delete     | the topics are
          instances: 3                 | instances: three           | /spec/instances
          initdb:                      | initDb:                    | /spec/bootstrap/initDb
          kind: KafkaNodePool          | kind: KafkaNodesPool       | KafkaNodesPool is not known
          KAFKA_BOOTSTRAP:             | KAFKA_BOOTSTRAPS:          | does not read [KAFKA_BOOTSTRAPS]
          TRUSTED_PROXIES:             | LOG_LEVEL:                 | is not told [TRUSTED_PROXIES]
          name: CLUSTER_HOST           | name: CLUSTER_PUBLIC       | is not told [CLUSTER_HOST]
          name: SESSION_SIGNING_KEYS   | name: CANCEL_RETRY_MS      | is not told [SESSION_SIGNING_KEYS]
          STAFF_ISSUER: https          | STAFF_ISSUER: http         | it must be https
          HTTP_PORT: "8080"            | HTTP_PORT: "8081"          | has another HTTP_PORT
          EVENT_BUS_PORT: "5702"       | EVENT_BUS_PORT: "0"        | has another EVENT_BUS_PORT
          CLUSTER_DNS: members         | CLUSTER_DNS: member        | is not among the addresses of CLUSTER_DNS
          clusterIP: None              | clusterIP: 10.0.0.7        | is not among the addresses of CLUSTER_DNS
          path: /health/ready          | path: /health              | is asked for its health at
          mountPath: /keys             | mountPath: /key            | has nothing at /keys
          DRAIN_MS: "5000"             | DRAIN_MS: "30000"          | may be killed before it has stopped
          seconds: 5                   | seconds: 0                 | stops while it still gets requests
          targetPort: http             | targetPort: https          | names a port that order-verticle does not have
          method: PATCH                | method: PUT                | the gateway does not know the routes [PATCH
          value: ^/my-data$            | value: ^/metrics$          | the table does not know the gateway's routes [* ^/metrics$
          type: RegularExpression      | type: PathPrefix           | is no regular expression
          name: alarm-verticle         | name: alarms-verticle      | alarms-verticle
          name: orders.dead            | name: order.dead           | the topics are
          partitions: 8                | partitions: 4              | the topics are
          replication.factor: 3        | replication.factor: 2      | another number of copies
          maxReplicas: 6               | maxReplicas: 9             | replicas without partitions
          max_connections: "100"       | max_connections: "40"      | has too few connections
          kind: PodDisruptionBudget    | kind: PodsDisruptionBudget | PodsDisruptionBudget is not known
          port: 5432                   | port: 5433                 | names a port that nobody has
          cnpg.io/cluster: view-db     | cnpg.io/cluster: views     | view-db lets everybody in
          Strict-Transport-Security    | X-Nothing                  | sends no Strict-Transport-Security
          """)
  void what_does_not_agree_is_said(String right, String wrong, String said) {
    String yaml = rendered("overlays/production");
    assertThat(yaml).contains(right);

    assertThat(Agreement.faults(Manifests.of(yaml.replace(right, wrong))))
        .anySatisfy(fault -> assertThat(fault).contains(said));
  }

  @Test
  void a_misspelt_field_of_a_monitor_is_said() {
    String yaml = rendered("monitoring").replace("interval:", "intervall:");

    assertThat(Manifests.of(yaml).documents())
        .flatExtracting(StrictFields::faults)
        .singleElement()
        .asString()
        .contains("intervall");
  }

  /** Whichever rule a gateway looks at first. */
  @ParameterizedTest
  @CsvSource({
    "GET, /, view",
    "GET, /board, view",
    "GET, /assets/order.js, view",
    "GET, /feed/bars/lobby/pickup, view",
    "GET, /bars/lobby/orders, view",
    "GET, /bars/lobby/menu, order",
    "PATCH, /bars/lobby/menu/cola-m, snackbar",
    "GET, /bars/lobby/menu/cola-m, ''",
    "POST, /orders, order",
    "DELETE, /orders/0190, order",
    "POST, /bars/lobby/orders/0190/start, snackbar",
    "POST, /bars/lobby/alarms/0190/acknowledge, alarm",
    "GET, /metrics, ''",
    "GET, /health/ready, ''",
    "GET, /ops/alarms, ''",
    "GET, /%6detrics, ''",
    "GET, //metrics, ''",
    "GET, /orders/../metrics, ''",
    "GET, /orders/%2e%2e/metrics, ''",
    "GET, /assets/..%2fmetrics, ''",
    "GET, /bars/lobby/alarms/../../../ops/alarms, ''",
    "GET, /nowhere, ''"
  })
  void the_gateway_and_the_table_answer_alike(String method, String path, String service) {
    JsonNode route = Manifests.of(rendered("base")).named("HTTPRoute", "intermission");
    List<String> fitting =
        Manifests.each(route, "/spec/rules")
            .filter(rule -> Manifests.each(rule, "/matches").anyMatch(fits(method, path)))
            .map(rule -> rule.at("/backendRefs/0/name").asText().replace("-verticle", ""))
            .toList();

    assertThat(fitting).isEqualTo(service.isEmpty() ? List.of() : List.of(service));
    assertThat(Routes.of(method, path).map(each -> each.name().toLowerCase(Locale.ROOT)))
        .isEqualTo(fitting.stream().findFirst());
  }

  private static Predicate<JsonNode> fits(String method, String path) {
    return match ->
        (!match.has("method") || match.path("method").asText().equals(method))
            && path.matches(match.at("/path/value").asText());
  }
}
