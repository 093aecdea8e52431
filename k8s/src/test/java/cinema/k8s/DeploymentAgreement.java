package cinema.k8s;

import static cinema.k8s.Manifests.each;
import static cinema.k8s.Manifests.nameOf;

import cinema.shared.service.ClusterSettings;
import cinema.shared.service.IdentitySettings;
import cinema.shared.service.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each service is told, asked and given, as the code has it. */
final class DeploymentAgreement extends Agreement {
  DeploymentAgreement(Manifests manifests) {
    super(manifests);
  }

  @Override
  void check() {
    for (String service : Code.SERVICES) {
      JsonNode deployment = manifests.named("Deployment", service + "-verticle");
      if (deployment.isMissingNode()) {
        expect(false, "there is no Deployment of " + service);
      } else {
        settings(service, deployment);
        probes(deployment);
        volumes(deployment);
        stopping(service, deployment);
      }
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
}
