package cinema.k8s;

import static cinema.k8s.Manifests.each;
import static cinema.k8s.Manifests.nameOf;

import cinema.shared.contract.Routes;
import cinema.shared.contract.Topic;
import cinema.shared.service.ClusterSettings;
import cinema.shared.service.IdentitySettings;
import cinema.shared.service.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether manifests agree with the code and with each other: what does not, in words. */
final class Agreement {
  private static final String CONTAINER = "/spec/template/spec/containers/0";

  /** One segment of a path that nobody reads in two ways. */
  private static final String SEGMENT = "[\\w~-][\\w.~-]*";

  private static final int POSTGRES = 5432;
  private static final int KAFKA = 9092;

  private final Manifests manifests;
  private final List<String> faults = new ArrayList<>();

  private Agreement(Manifests manifests) {
    this.manifests = manifests;
  }

  static List<String> faults(Manifests manifests) {
    Agreement agreement = new Agreement(manifests);
    manifests.documents().forEach(each -> agreement.faults.addAll(StrictFields.faults(each)));
    for (String service : Code.SERVICES) {
      JsonNode deployment = manifests.named("Deployment", service + "-verticle");
      if (deployment.isMissingNode()) {
        agreement.faults.add("there is no Deployment of " + service);
      } else {
        agreement.settings(service, deployment);
        agreement.probes(deployment);
        agreement.volumes(deployment);
        agreement.stopping(service, deployment);
      }
    }
    agreement.services();
    agreement.routes();
    agreement.topics();
    agreement.scaling();
    agreement.network();
    return agreement.faults;
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      faults.add(otherwise);
    }
  }

  /**
   * What the service would find in its environment; of what a Secret or the pod tells, a sample.
   */
  private Map<String, String> environment(JsonNode deployment) {
    Map<String, String> environment = new TreeMap<>();
    each(deployment, CONTAINER + "/envFrom")
        .map(from -> manifests.named("ConfigMap", from.at("/configMapRef/name").asText()))
        .flatMap(map -> map.path("data").properties().stream())
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    each(deployment, CONTAINER + "/env")
        .forEach(
            variable -> {
              String sample =
                  variable.at("/valueFrom/secretKeyRef/key").asText().equals("uri")
                      ? "postgresql://intermission:secret@order-db-rw.intermission:5432/intermission"
                      : "10.1.2.3";
              environment.put(
                  variable.path("name").asText(), variable.path("value").asText(sample));
            });
    return environment;
  }

  private void settings(String service, JsonNode deployment) {
    Map<String, String> environment = environment(deployment);
    Set<String> unknown = new TreeSet<>(environment.keySet());
    unknown.removeAll(Code.variables(service));
    expect(unknown.isEmpty(), service + " does not read " + unknown);
    Set<String> missing = new TreeSet<>(Code.variablesToSet(service));
    missing.removeAll(environment.keySet());
    expect(missing.isEmpty(), service + " is not told " + missing);

    Settings settings = Settings.of(service, environment);
    for (Method setting : Settings.class.getMethods()) {
      if (setting.getDeclaringClass() == Settings.class
          && setting.getParameterCount() == 0
          && !Modifier.isStatic(setting.getModifiers())) {
        try {
          setting.invoke(settings);
        } catch (InvocationTargetException e) {
          faults.add(service + ": " + e.getCause().getMessage());
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    readable(service, () -> IdentitySettings.of(settings));
    expect(port(deployment, "http") == settings.httpPort(), service + " has another HTTP_PORT");
    readable(service, () -> cluster(service, deployment, ClusterSettings.of(settings)));
  }

  private void readable(String service, Runnable reads) {
    try {
      reads.run();
    } catch (Settings.BadSetting e) {
      faults.add(service + ": " + e.getMessage());
    }
  }

  private void cluster(String service, JsonNode deployment, ClusterSettings settings) {
    expect(port(deployment, "members") == settings.port(), service + " has another CLUSTER_PORT");
    expect(
        port(deployment, "event-bus") == settings.eventBusPort(),
        service + " has another EVENT_BUS_PORT");
    JsonNode members = manifests.named("Service", settings.dns());
    expect(
        members.at("/spec/clusterIP").asText().equals("None")
            && members.at("/spec/publishNotReadyAddresses").asBoolean()
            && selects(members.at("/spec/selector"), deployment),
        service + " is not among the addresses of CLUSTER_DNS=" + settings.dns());
  }

  private static int port(JsonNode deployment, String name) {
    return each(deployment, CONTAINER + "/ports")
        .filter(port -> port.path("name").asText().equals(name))
        .mapToInt(port -> port.path("containerPort").asInt())
        .findFirst()
        .orElse(-1);
  }

  private void probes(JsonNode deployment) {
    Set<String> asked =
        Stream.of("startupProbe", "livenessProbe", "readinessProbe")
            .map(probe -> deployment.at(CONTAINER + "/" + probe + "/httpGet"))
            .peek(get -> isPort(deployment, get.path("port"), nameOf(deployment) + "'s probe"))
            .map(get -> get.path("path").asText())
            .collect(Collectors.toSet());
    expect(
        asked.equals(Code.healthPaths()),
        nameOf(deployment) + " is asked for its health at " + asked);
  }

  /** Files that settings name have to be on a volume. */
  private void volumes(JsonNode deployment) {
    List<String> mounted =
        each(deployment, CONTAINER + "/volumeMounts")
            .map(mount -> mount.path("mountPath").asText() + "/")
            .toList();
    environment(deployment).values().stream()
        .filter(value -> value.startsWith("/"))
        .filter(file -> mounted.stream().noneMatch(file::startsWith))
        .forEach(file -> faults.add(nameOf(deployment) + " has nothing at " + file));
  }

  private void stopping(String service, JsonNode deployment) {
    int sleep = deployment.at(CONTAINER + "/lifecycle/preStop/sleep/seconds").asInt();
    int drain = Integer.parseInt(environment(deployment).getOrDefault("DRAIN_MS", "0")) / 1000;
    int grace = deployment.at("/spec/template/spec/terminationGracePeriodSeconds").asInt();
    expect(sleep > 0, service + " stops while it still gets requests");
    expect(
        sleep + drain + Code.stopSeconds() <= grace,
        service + " may be killed before it has stopped: the grace period is " + grace + " s");
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

  private void isPort(JsonNode deployment, JsonNode port, String whose) {
    boolean there =
        each(deployment, CONTAINER + "/ports")
            .anyMatch(
                each -> port.equals(each.get("name")) || port.equals(each.get("containerPort")));
    expect(there, whose + " names a port that " + nameOf(deployment) + " does not have: " + port);
  }

  /** Whether all these labels are those of the deployment's pods; no labels select nobody. */
  private static boolean selects(JsonNode labels, JsonNode deployment) {
    JsonNode pod = deployment.at("/spec/template/metadata/labels");
    return !labels.isEmpty()
        && labels.properties().stream()
            .allMatch(label -> label.getValue().equals(pod.get(label.getKey())));
  }

  private void routes() {
    Set<String> wanted =
        Routes.ALL.stream()
            .map(
                route ->
                    line(
                        route.method(),
                        "^"
                            + route
                                .path()
                                .replaceAll("\\{[^}]+}", SEGMENT.replace("\\", "\\\\"))
                                .replace("/**", "(/" + SEGMENT + ")*/?")
                            + "$",
                        route.service().name().toLowerCase(Locale.ROOT) + "-verticle"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>();
    manifests
        .all("HTTPRoute")
        .flatMap(route -> each(route, "/spec/rules"))
        .forEach(rule -> there.addAll(lines(rule)));
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(there);
    expect(missing.isEmpty(), "the gateway does not know the routes " + missing);
    there.removeAll(wanted);
    expect(there.isEmpty(), "the table does not know the gateway's routes " + there);
  }

  private List<String> lines(JsonNode rule) {
    String service = rule.at("/backendRefs/0/name").asText();
    boolean served =
        each(manifests.named("Service", service), "/spec/ports")
            .anyMatch(port -> port.path("port").equals(rule.at("/backendRefs/0/port")));
    expect(served, "the gateway passes on to " + service + ", which has no such port");
    expect(
        rule.path("filters").toString().contains("Strict-Transport-Security"),
        "a rule of the gateway sends no Strict-Transport-Security: " + service);
    return each(rule, "/matches")
        .map(
            match -> {
              expect(
                  match.at("/path/type").asText().equals("RegularExpression"),
                  "a rule of the gateway is no regular expression: " + match);
              return line(
                  match.path("method").asText(null), match.at("/path/value").asText(), service);
            })
        .toList();
  }

  private static String line(String method, String expression, String service) {
    return (method == null ? "*" : method) + " " + expression + " " + service;
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

  private String setting(String name) {
    return manifests.named("ConfigMap", "intermission").path("data").path(name).asText();
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
