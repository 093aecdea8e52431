package cinema.local;

import cinema.shared.contract.Routes;
import cinema.shared.service.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where everything of a local run is: one port to begin with and one directory.
 *
 * @param port the front door's; everything else follows it
 * @param data keeps what survives a restart
 * @param environment what the person who runs it has set
 */
record Place(int port, Path data, Map<String, String> environment) {
  /** How many ports {@code ./run} takes, from the front door's on. */
  static final int PORTS = 14;

  /** How many {@code ./run cluster} may take. */
  static final int CLUSTER_PORTS = 100;

  private static final String POSTGRES_URL = "POSTGRES_URL";
  private static final String KAFKA_BOOTSTRAP = "KAFKA_BOOTSTRAP";

  /** One less than there are places: a process is replaced by one that has begun beside it. */
  private static final int MOST_REPLICAS = 9;

  static Place of(Map<String, String> environment) {
    Settings settings = Settings.of("local", environment);
    int port = settings.number("PORT", 8080, 1, 65400);
    return new Place(port, settings.path("DATA", "data").toAbsolutePath().normalize(), environment);
  }

  int portOf(Routes.Service service) {
    return port + 1 + service.ordinal();
  }

  /**
   * Of a replica that is a process of its own.
   *
   * @param slot where it is, 0 to 9; one more than there are replicas, for the next one
   */
  int portOf(Routes.Service service, int slot) {
    return port + 20 + 10 * service.ordinal() + slot;
  }

  int clusterPortOf(Routes.Service service, int slot) {
    return port + 60 + 10 * service.ordinal() + slot;
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

  /** Whether this run has a PostgreSQL of its own, rather than one that is there already. */
  boolean embedsPostgres() {
    return !environment.containsKey(POSTGRES_URL);
  }

  boolean embedsKafka() {
    return !environment.containsKey(KAFKA_BOOTSTRAP);
  }

  /** Where Kafka is. */
  String kafkaBootstrap() {
    return environment.getOrDefault(KAFKA_BOOTSTRAP, "127.0.0.1:" + kafkaPort());
  }

  /** How many processes of each service there are in a cluster; 0: they are elsewhere. */
  int replicas() {
    return Settings.of("local", environment).number("REPLICAS", 2, 0, MOST_REPLICAS);
  }

  /** How long a process that replaces another serves beside it before that one leaves. */
  Duration minReady() {
    return Duration.ofSeconds(
        Settings.of("local", environment).number("MIN_READY_SECONDS", 5, 0, 60));
  }

  /**
   * Ports that Kafka listens on besides its own, each with the port by which clients are told to
   * find it: for a network in between, as {@code 9101:9201,9102:9202}.
   */
  Map<Integer, Integer> kafkaListeners() {
    return Settings.of("local", environment)
        .read(
            "KAFKA_LISTENERS",
            "",
            text -> {
              Map<Integer, Integer> listeners = new TreeMap<>();
              for (String pair : text.isBlank() ? new String[0] : text.split(",")) {
                String[] ports = pair.split(":");
                listeners.put(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
              }
              return listeners;
            });
  }

  /** The environment of one service here; what the person has set for all comes first. */
  private Map<String, String> environmentOf(int httpPort) {
    Map<String, String> here = new HashMap<>(environment);
    here.putIfAbsent(
        POSTGRES_URL, "postgresql://postgres@127.0.0.1:" + postgresPort() + "/postgres");
    here.put(KAFKA_BOOTSTRAP, kafkaBootstrap());
    here.put("SESSION_SIGNING_KEYS", key("sessions.private.json").toString());
    here.put("SESSION_KEYS", key("sessions.public.json").toString());
    if (!environment.containsKey("STAFF_ISSUER")) {
      here.put("STAFF_KEYS", key("staff.public.json").toString());
    }
    // The front door says who comes.
    String others = environment.getOrDefault("TRUSTED_PROXIES", "");
    here.put("TRUSTED_PROXIES", others.isBlank() ? "127.0.0.1" : "127.0.0.1," + others);
    here.put("HTTP_PORT", Integer.toString(httpPort));
    return here;
  }

  /** The settings of one service in this JVM. */
  Settings settingsOf(Routes.Service service) {
    Map<String, String> here = environmentOf(portOf(service));
    here.put("DRAIN_MS", "0"); // all end together
    return Settings.of(name(service), here);
  }

  /**
   * The environment of a replica that is a process of its own.
   *
   * @param replica 1 to 9
   * @param slot where it is
   */
  Map<String, String> environmentOf(Routes.Service service, int replica, int slot) {
    Map<String, String> here = environmentOf(portOf(service, slot));
    here.put("CLUSTER_PORT", Integer.toString(clusterPortOf(service, slot)));
    here.putIfAbsent("CLUSTER_MEMBERS", clusterMembers());
    return own(name(service) + "-" + replica, here);
  }

  /** The environment of the front door as a process of its own. */
  Map<String, String> frontDoorEnvironment() {
    Map<String, String> here = new HashMap<>(environment);
    here.put("PORT", Integer.toString(port));
    here.put("DATA", data.toString());
    here.put("PROCESSES", data.resolve("processes.json").toString());
    return own("front-door", here);
  }

  /** A variable for one process alone has its name before it: {@code ORDER_1__JAVA_OPTS}. */
  private Map<String, String> own(String process, Map<String, String> here) {
    String prefix = process.toUpperCase(Locale.ROOT).replace('-', '_') + "__";
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            here.put(name.substring(prefix.length()), value);
          }
        });
    return here;
  }

  private String clusterMembers() {
    List<String> members = new ArrayList<>();
    for (Routes.Service service : Routes.Service.values()) {
      for (int slot = 0; slot <= replicas(); slot++) {
        members.add("127.0.0.1:" + clusterPortOf(service, slot));
      }
    }
    return String.join(",", members);
  }

  /** The settings of the cluster's first member when one JVM carries everything. */
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
