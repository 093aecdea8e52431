package cinema.shared.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * What the environment says about one service. What belongs to one matter has its record, made of
 * this: {@link ClusterSettings}, {@link IdentitySettings}, {@link CollectorSettings}, and a
 * service's own {@code …Settings}. Every other variable that all services know has its method here.
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
