package cinema.shared.testing;

import cinema.servers.SharedServers;
import cinema.shared.service.Database;
import cinema.shared.service.Identity;
import cinema.shared.service.IdentitySettings;
import cinema.shared.service.Keys;
import cinema.shared.service.Schema;
import cinema.shared.service.Settings;
import cinema.shared.service.Signer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a test of one service stands on: a Vert.x, a schema of its own on a real PostgreSQL, a real
 * Kafka, and signing keys. One Kafka and one PostgreSQL serve all tests of a module, so tests tell
 * their own bars and orders from others' by their ids.
 */
public final class Bench implements AutoCloseable {
  private static final int MOST_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Path keys;
  private final Settings settings;

  private Bench(String service, Map<String, String> changes) {
    this.keys = keysIn(temporary());
    Map<String, String> environment = new HashMap<>();
    environment.put("RATE_LIMITS", "off");
    environment.put("DRAIN_MS", "0");
    environment.put("POSTGRES_URL", SharedServers.postgres().url());
    environment.put(
        "DATABASE_SCHEMA", service + "_" + UUID.randomUUID().toString().substring(0, 8));
    environment.put("SESSION_SIGNING_KEYS", keys.resolve("sessions.private.json").toString());
    environment.put("SESSION_KEYS", keys.resolve("sessions.public.json").toString());
    environment.put("STAFF_KEYS", keys.resolve("staff.public.json").toString());
    environment.putAll(changes);
    this.settings = Settings.of(service, environment);
  }

  /** For one service, without Kafka: nothing listens where it would be. */
  public static Bench of(String service) {
    return new Bench(service, Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:1"));
  }

  /** For one service, with a real Kafka. */
  public static Bench withKafka(String service) {
    return new Bench(service, Map.of("KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap()));
  }

  public Vertx vertx() {
    return vertx;
  }

  public Settings settings() {
    return settings;
  }

  /** Where its keys are: {@code sessions} and {@code staff}, each private and public. */
  public Path keys() {
    return keys;
  }

  /** Runs on one event loop, always the same, as a verticle does; waits for what comes of it. */
  public <T> T onLoop(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(now -> Future.succeededFuture().compose(then -> work.get()).onComplete(done));
    return await(done.future());
  }

  /** Opens this bench's schema with the service's migrations. */
  public Database database(String migrations) {
    return await(Schema.bringUpToDate(settings, migrations).open(vertx));
  }

  /** A guest session's token. */
  public String customerToken(UUID customerId) {
    return signer("sessions.private.json", Identity.SESSION_ISSUER)
        .sign(customerId.toString(), Set.of(), Instant.now(), Duration.ofHours(1));
  }

  public String staffToken(String... bars) {
    return signer("staff.private.json", IdentitySettings.of(settings).staffIssuer())
        .sign("staff", Set.of(bars), Instant.now(), Duration.ofHours(1));
  }

  private Signer signer(String privateKeys, String issuer) {
    return new Signer(vertx, keys.resolve(privateKeys), issuer, Clock.systemUTC());
  }

  /** How PostgreSQL would go about a statement, whatever its values. */
  public static String plan(Database database, String statement) {
    return await(database.execute("EXPLAIN (GENERIC_PLAN) " + statement)).stream()
        .map(row -> row.getString(0))
        .collect(Collectors.joining("\n"));
  }

  /** The future's result; its failure, or half a minute without a result, fails the test. */
  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError("failed: " + e.getCause(), e.getCause());
    }
  }

  /** Waits until the condition holds; half a minute without fails the test. */
  public static void eventually(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within " + MOST_SECONDS + " s: " + what);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    } catch (Exception e) {
      throw new AssertionError("failed while waiting for: " + what, e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    try (Stream<Path> files = Files.walk(keys)) {
      files.sorted(Comparator.reverseOrder()).forEach(Bench::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path keysIn(Path directory) {
    Keys.ensure(
        directory.resolve("sessions.private.json"), directory.resolve("sessions.public.json"));
    Keys.ensure(directory.resolve("staff.private.json"), directory.resolve("staff.public.json"));
    return directory;
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
