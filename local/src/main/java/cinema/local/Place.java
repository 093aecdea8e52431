package cinema.local;

import cinema.shared.contract.Routes;
import cinema.shared.service.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where everything of a local run is: one port to begin with and one directory.
 *
 * @param port the front door's; everything else follows it
 * @param data keeps what survives a restart
 * @param environment what the person who runs it has set
 */
record Place(int port, Path data, Map<String, String> environment) {
  static Place of(Map<String, String> environment) {
    Settings settings = Settings.of("local", environment);
    int port = settings.number("PORT", 8080, 1, 65500);
    return new Place(port, settings.path("DATA", "data").toAbsolutePath().normalize(), environment);
  }

  int portOf(Routes.Service service) {
    return port + 1 + service.ordinal();
  }

  int postgresPort() {
    return port + 10;
  }

  int kafkaPort() {
    return port + 11;
  }

  int clusterPort() {
    return port + 12;
  }

  int kafkaControllerPort() {
    return port + 13;
  }

  Path key(String name) {
    return data.resolve("keys").resolve(name);
  }

  static String name(Routes.Service service) {
    return service.name().toLowerCase(Locale.ROOT);
  }

  /** The settings of one service here; what the person has set for all comes first. */
  Settings settingsOf(Routes.Service service, String postgresUrl, String kafka) {
    Map<String, String> here = new HashMap<>(environment);
    here.put("POSTGRES_URL", postgresUrl);
    here.put("KAFKA_BOOTSTRAP", kafka);
    here.put("SESSION_SIGNING_KEYS", key("sessions.private.json").toString());
    here.put("SESSION_KEYS", key("sessions.public.json").toString());
    here.put("STAFF_KEYS", key("staff.public.json").toString());
    here.put("HTTP_PORT", Integer.toString(portOf(service)));
    return Settings.of(name(service), here);
  }

  /** The settings of the cluster's first member. */
  Settings clusterSettings() {
    return Settings.of("local", environment)
        .with(
            Map.of(
                "CLUSTER_PORT",
                Integer.toString(clusterPort()),
                "CLUSTER_MEMBERS",
                "127.0.0.1:" + clusterPort()));
  }
}
