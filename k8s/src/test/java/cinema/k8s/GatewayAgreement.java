package cinema.k8s;

import static cinema.k8s.Manifests.each;

import cinema.shared.contract.Routes;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The gateway has the routes of the table, and no others. */
final class GatewayAgreement extends Agreement {
  /** One segment of a path that nobody reads in two ways. */
  private static final String SEGMENT = "[\\w~-][\\w.~-]*";

  GatewayAgreement(Manifests manifests) {
    super(manifests);
  }

  @Override
  void check() {
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
}
