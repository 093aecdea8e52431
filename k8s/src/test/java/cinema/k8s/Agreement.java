package cinema.k8s;

import static cinema.k8s.Manifests.each;
import static cinema.k8s.Manifests.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Whether manifests agree with the code and with each other: what does not, in words. */
abstract class Agreement {
  static final String CONTAINER = "/spec/template/spec/containers/0";

  final Manifests manifests;
  final List<String> faults = new ArrayList<>();

  Agreement(Manifests manifests) {
    this.manifests = manifests;
  }

  static List<String> faults(Manifests manifests) {
    List<String> faults = new ArrayList<>();
    manifests.documents().forEach(each -> faults.addAll(StrictFields.faults(each)));
    for (Agreement theme :
        List.of(
            new DeploymentAgreement(manifests),
            new NetworkAgreement(manifests),
            new GatewayAgreement(manifests),
            new CapacityAgreement(manifests))) {
      theme.check();
      faults.addAll(theme.faults);
    }
    return faults;
  }

  /** Adds what does not agree to the faults. */
  abstract void check();

  final void expect(boolean holds, String otherwise) {
    if (!holds) {
      faults.add(otherwise);
    }
  }

  final void isPort(JsonNode deployment, JsonNode port, String whose) {
    boolean there =
        each(deployment, CONTAINER + "/ports")
            .anyMatch(
                each -> port.equals(each.get("name")) || port.equals(each.get("containerPort")));
    expect(there, whose + " names a port that " + nameOf(deployment) + " does not have: " + port);
  }

  /** Whether all these labels are those of the deployment's pods; no labels select nobody. */
  static boolean selects(JsonNode labels, JsonNode deployment) {
    JsonNode pod = deployment.at("/spec/template/metadata/labels");
    return !labels.isEmpty()
        && labels.properties().stream()
            .allMatch(label -> label.getValue().equals(pod.get(label.getKey())));
  }
}
