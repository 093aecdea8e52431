package cinema.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The alerts, as an operator brings them to Prometheus. */
final class AlertRules {
  static final Path FOLDER = Path.of("../k8s/monitoring");

  private AlertRules() {}

  /**
   * @param annotations what people are told
   */
  record Alert(String name, String expression, Map<?, ?> annotations) {}

  static List<Alert> read() throws IOException {
    List<Alert> alerts = new ArrayList<>();
    for (Object group : (List<?>) groups().get("groups")) {
      for (Object each : (List<?>) ((Map<?, ?>) group).get("rules")) {
        Map<?, ?> rule = (Map<?, ?>) each;
        alerts.add(
            new Alert(
                (String) rule.get("alert"),
                (String) rule.get("expr"),
                (Map<?, ?>) rule.get("annotations")));
      }
    }
    return alerts;
  }

  /** Writes them as Prometheus itself reads them. */
  static void write(Path plain) throws IOException {
    Files.writeString(plain, new Yaml().dump(groups()));
  }

  private static Map<?, ?> groups() throws IOException {
    try (Reader file = Files.newBufferedReader(FOLDER.resolve("alerts.yaml"))) {
      Map<?, ?> rule = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
      return (Map<?, ?>) rule.get("spec");
    }
  }
}
