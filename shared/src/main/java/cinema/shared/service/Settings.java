package cinema.shared.service;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about one service; every variable that all services know has its method
 * here, and a service's own variables have theirs in the service's {@code …Settings}.
 *
 * <p>The defaults are those of {@code ./run}, so that a service started alone finds its servers.
 */
public final class Settings {
  private final String service;
  private final Map<String, String> environment;

  private Settings(String service, Map<String, String> environment) {
    this.service = service;
    this.environment = environment;
  }

  public static Settings of(String service, Map<String, String> environment) {
    return new Settings(service, Map.copyOf(environment));
  }

  /** The same with some variables set otherwise. */
  public Settings with(Map<String, String> changes) {
    Map<String, String> merged = new HashMap<>(environment);
    merged.putAll(changes);
    return of(service, merged);
  }

  /** The service's name, such as {@code order}. */
  public String service() {
    return service;
  }

  /** The interface that the web server binds to. */
  public String httpHost() {
    return text("HTTP_HOST", "127.0.0.1");
  }

  /** 0 takes a free port, which the log then names. */
  public int httpPort() {
    return number("HTTP_PORT", 0, 0, 65535);
  }

  /** {@code postgresql://user[:password]@host:port/database}. */
  public String postgresUrl() {
    return text("POSTGRES_URL", "postgresql://postgres@127.0.0.1:8090/postgres");
  }

  /** The schema that holds this service's tables and no other's. */
  public String schema() {
    return text("DATABASE_SCHEMA", service);
  }

  /** Connections of this process to its database. */
  public int databaseConnections() {
    return number("DATABASE_CONNECTIONS", 6, 1, 1000);
  }

  /** How many requests may wait for a connection before more are refused. */
  public int databaseQueue() {
    return number("DATABASE_QUEUE", 1000, 0, 100_000);
  }

  public String kafkaBootstrap() {
    return text("KAFKA_BOOTSTRAP", "127.0.0.1:8091");
  }

  /** Partitions of every topic; must be the same for all services. */
  public int kafkaPartitions() {
    return number("KAFKA_PARTITIONS", 8, 1, 1000);
  }

  public short kafkaReplicas() {
    return (short) number("KAFKA_REPLICAS", 1, 1, 9);
  }

  /** The interface for the cluster: Hazelcast and the event bus. */
  public String clusterHost() {
    return text("CLUSTER_HOST", "127.0.0.1");
  }

  /** Hazelcast's port; 0 takes a free one. */
  public int clusterPort() {
    return number("CLUSTER_PORT", 0, 0, 65535);
  }

  /** {@code host:port} of some members to join; empty: this member is the first. */
  public List<String> clusterMembers() {
    return Arrays.stream(text("CLUSTER_MEMBERS", "127.0.0.1:8092").split(","))
        .map(String::strip)
        .filter(member -> !member.isEmpty())
        .toList();
  }

  /**
   * A name that resolves to the addresses of all members, each with its Hazelcast at {@code
   * CLUSTER_PORT}: they are joined instead of {@link #clusterMembers}. Empty: there is none.
   */
  public String clusterDns() {
    return text("CLUSTER_DNS", "");
  }

  /**
   * Where other members find this one's Hazelcast, when that is not where it listens: {@code
   * host:port}; empty: it is.
   */
  public String clusterPublic() {
    return text("CLUSTER_PUBLIC", "");
  }

  /** The event bus's port; 0 takes a free one. */
  public int eventBusPort() {
    return number("EVENT_BUS_PORT", 0, 0, 65535);
  }

  /** Where other members find this one's event bus: a port; 0: where it listens. */
  public int eventBusPublicPort() {
    return number("EVENT_BUS_PUBLIC_PORT", 0, 0, 65535);
  }

  /**
   * The folder with this member's {@code tls.crt} and {@code tls.key} and with the {@code ca.crt}
   * that other members' certificates must come from, all PEM, for the event bus; empty: it is not
   * encrypted, and whoever reaches its port is a member.
   */
  public Optional<Path> clusterTls() {
    return text("CLUSTER_TLS", "").isEmpty()
        ? Optional.empty()
        : Optional.of(path("CLUSTER_TLS", ""));
  }

  /** Whether this process is to end when what has started it does. */
  public boolean stopWithParent() {
    return Boolean.parseBoolean(text("STOP_WITH_PARENT", "false"));
  }

  /**
   * How long this process serves on after it has said that it is no longer ready, so that all who
   * send to it hear of that; 0: it just ends.
   */
  Duration drainTime() {
    return millis("DRAIN_MS", 5000);
  }

  /** Where the public keys of customers' sessions are: the file or the address of a JWK set. */
  public String sessionKeys() {
    return keys("SESSION_KEYS", "data/keys/sessions.public.json");
  }

  /** The same when it is a file. */
  public Optional<Path> sessionKeysFile() {
    return Optional.of(sessionKeys()).filter(place -> !KeySource.isOnTheWeb(place)).map(Path::of);
  }

  /**
   * Where the public keys of those who vouch for staff are: the file or the address of a JWK set;
   * empty: the issuer says itself where, by OpenID Connect Discovery.
   */
  public Optional<String> staffKeys() {
    boolean says = KeySource.isOnTheWeb(staffIssuer());
    String place = keys("STAFF_KEYS", says ? "" : "data/keys/staff.public.json");
    return place.isEmpty() ? Optional.empty() : Optional.of(place);
  }

  private String keys(String name, String otherwise) {
    return read(
        name,
        otherwise,
        place -> {
          if (!KeySource.isOnTheWeb(place)) {
            return Path.of(place).toString();
          }
          if (!KeySource.isSafe(place)) {
            throw new IllegalArgumentException("it must be https");
          }
          return place;
        });
  }

  /**
   * The {@code iss} of staff tokens. The one of a developer's machine gives a token to everybody
   * who asks, so a service that others can reach does not start with it.
   */
  public String staffIssuer() {
    return read(
        "STAFF_ISSUER",
        Identity.DEV_ISSUER,
        issuer -> {
          if (issuer.equals(Identity.DEV_ISSUER) && !KeySource.isHere(httpHost())) {
            throw new IllegalArgumentException(
                "it is for a developer's machine alone, and HTTP_HOST is " + httpHost());
          }
          if (KeySource.isOnTheWeb(issuer) && !KeySource.isSafe(issuer)) {
            throw new IllegalArgumentException("it must be https");
          }
          return issuer;
        });
  }

  /** The {@code aud} that staff tokens must have. */
  public String staffAudience() {
    return text("STAFF_AUDIENCE", Identity.AUDIENCE);
  }

  /** The claim that lists a member of staff's roles, such as {@code realm_access.roles}. */
  public String staffRolesClaim() {
    return text("STAFF_ROLES_CLAIM", "roles");
  }

  /** How the role of staff is called there. */
  public String staffRole() {
    return text("STAFF_ROLE", Identity.STAFF);
  }

  /** The claim that lists the bars that a member of staff serves. */
  public String staffBarsClaim() {
    return text("STAFF_BARS_CLAIM", "bars");
  }

  /** Whether callers and addresses may ask only so much. Bounds on sizes and times stay. */
  public boolean hasRateLimits() {
    return read(
        "RATE_LIMITS",
        "on",
        text ->
            switch (text) {
              case "on" -> true;
              case "off" -> false;
              default -> throw new IllegalArgumentException("it is on or off");
            });
  }

  /** What one address may ask of this process, people behind one router together. */
  Buckets.Rate addressRate() {
    return read("ADDRESS_RATE", "200/1000", Buckets.Rate::parse);
  }

  /** How many sessions may be opened from one address. */
  Buckets.Rate sessionRate() {
    return read("SESSION_RATE", "10/300", Buckets.Rate::parse);
  }

  /** What one customer may ask of this process. */
  Buckets.Rate customerRate() {
    return read("CUSTOMER_RATE", "5/50", Buckets.Rate::parse);
  }

  /** What one member of staff may ask of this process. */
  Buckets.Rate staffRate() {
    return read("STAFF_RATE", "50/500", Buckets.Rate::parse);
  }

  /** How many feeds one caller may have open at this process. */
  public int callerSockets() {
    return hasRateLimits() ? number("CALLER_SOCKETS", 50, 1, 1_000_000) : Integer.MAX_VALUE;
  }

  /** How many feeds may be open from one address at this process. */
  public int addressSockets() {
    return hasRateLimits() ? number("ADDRESS_SOCKETS", 2000, 1, 1_000_000) : Integer.MAX_VALUE;
  }

  /** How many connections may be open; one more is closed at once. */
  int connections() {
    return number("CONNECTIONS", 20_000, 1, 1_000_000);
  }

  /** How long a request's head may take to arrive, and then its body. */
  Duration requestTime() {
    return millis("REQUEST_MS", 10_000);
  }

  /** Whose word on where a request comes from is taken; nobody's unless it is said. */
  public Proxies trustedProxies() {
    return read("TRUSTED_PROXIES", "", Proxies::parse);
  }

  /**
   * Where spans are sent, by OTLP over HTTP: a collector's address; empty: nowhere, and none are
   * made. The names are OpenTelemetry's, so that what sets them for others sets them here.
   */
  Optional<String> tracesEndpoint() {
    String address =
        read(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "",
            text -> {
              if (!text.isEmpty() && !KeySource.isOnTheWeb(text)) {
                throw new IllegalArgumentException("it is a web address, as http://host:4318");
              }
              return text;
            });
    return address.isEmpty()
        ? Optional.empty()
        : Optional.of(address.replaceFirst("/+$", "") + "/v1/traces");
  }

  /** What is sent to the collector with them, such as a key: {@code name=value,name=value}. */
  Map<String, String> tracesHeaders() {
    Map<String, String> headers = new HashMap<>();
    for (String header : text("OTEL_EXPORTER_OTLP_HEADERS", "").split(",")) {
      String[] parts = header.strip().split("=", 2);
      if (parts.length == 2) {
        headers.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return headers;
  }

  /** As whom they are sent. */
  String tracesName() {
    return text("OTEL_SERVICE_NAME", service);
  }

  /**
   * Of which traces spans are kept.
   *
   * @param asParentSays whether a caller who says decides
   * @param ratio of those that are decided here, 0 to 1
   */
  record Sampling(boolean asParentSays, double ratio) {}

  Sampling sampling() {
    return read(
        "OTEL_TRACES_SAMPLER",
        "parentbased_always_on",
        name -> {
          String here = name.replaceFirst("^parentbased_", "");
          double ratio =
              switch (here) {
                case "always_on" -> 1;
                case "always_off" -> 0;
                case "traceidratio" -> ratio();
                default -> throw new IllegalArgumentException("it is not one of OpenTelemetry's");
              };
          return new Sampling(!here.equals(name), ratio);
        });
  }

  private double ratio() {
    return read(
        "OTEL_TRACES_SAMPLER_ARG",
        "1",
        text -> {
          double ratio = Double.parseDouble(text);
          if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("not within 0 to 1");
          }
          return ratio;
        });
  }

  /** Where a day begins and ends for pickup numbers. */
  public ZoneId timeZone() {
    return read("TIME_ZONE", "Asia/Seoul", ZoneId::of);
  }

  public String text(String name, String otherwise) {
    return environment.getOrDefault(name, otherwise);
  }

  public Path path(String name, String otherwise) {
    return read(name, otherwise, Path::of);
  }

  /** A number of milliseconds. */
  public Duration millis(String name, int otherwise) {
    return Duration.ofMillis(number(name, otherwise, 0, Integer.MAX_VALUE));
  }

  public int number(String name, int otherwise, int least, int most) {
    return read(
        name,
        Integer.toString(otherwise),
        text -> {
          int value = Integer.parseInt(text);
          if (value < least || value > most) {
            throw new IllegalArgumentException("not within " + least + " to " + most);
          }
          return value;
        });
  }

  /** Reads a value from text, or throws to say why it is not usable. */
  public interface Reader<T> {
    T read(String text);
  }

  public <T> T read(String name, String otherwise, Reader<T> reader) {
    String text = text(name, otherwise);
    try {
      return reader.read(text);
    } catch (RuntimeException e) {
      throw new BadSetting(name + "=" + text + " is not usable: " + e.getMessage(), e);
    }
  }

  /** A variable that says something unusable; the message names it. */
  public static final class BadSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadSetting(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
