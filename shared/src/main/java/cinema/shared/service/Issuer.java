package cinema.shared.service;

import cinema.shared.service.Caller.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody whose word on callers is taken. Its public keys are read again every minute, and when a
 * token names one that is not among them, so that keys change while everything runs. All on one
 * event loop.
 */
final class Issuer {
  private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);

  private static final int READ_AGAIN_MILLIS = 60_000;

  /** Tokens may name keys that never were: they make nobody ask more often. */
  private static final long LEAST_PAUSE_NANOS = 5_000_000_000L;

  /** How far the issuer's clock may be ahead of ours. Nothing lives on after its end for it. */
  private static final int LEEWAY_SECONDS = 30;

  private static final Set<String> KEY_TYPES = Set.of("EC", "RSA", "OKP");

  /**
   * What an issuer's tokens are like.
   *
   * @param name its {@code iss}
   * @param audience one of their {@code aud}
   * @param algorithms of RFC 7518 that may sign them
   * @param role what its people are
   * @param rolesClaim where a token lists roles, names within names separated by dots; null: all of
   *     its people have the role
   * @param roleName how the role is called there
   * @param placesClaim where a token lists what its subject may serve, likewise
   */
  record Trust(
      String name,
      String audience,
      Set<String> algorithms,
      Role role,
      String rolesClaim,
      String roleName,
      String placesClaim) {}

  private final Vertx vertx;
  private final Trust trust;
  private final KeySource source;
  private final LongSupplier nanoTime;
  private final Runnable changed;

  private List<JsonObject> keys = List.of();
  private JWTAuth auth;
  private Future<Void> reading = Future.succeededFuture();
  private long readAt;

  /**
   * @param changed called when the keys have become others
   * @throws IllegalStateException when they are in a file that cannot be read
   */
  Issuer(Vertx vertx, Trust trust, KeySource source, LongSupplier nanoTime, Runnable changed) {
    this.vertx = vertx;
    this.trust = trust;
    this.source = source;
    this.nanoTime = nanoTime;
    this.changed = changed;
    if (source.isFile()) {
      use(source.readFile());
      readAt = nanoTime.getAsLong();
    } else {
      read();
    }
    vertx.setPeriodic(READ_AGAIN_MILLIS, due -> read());
  }

  /** The caller whom a token is about; fails with a problem when it is not good. */
  Future<Caller> verify(String token, JsonObject header) {
    if (!trust.algorithms.contains(header.getString("alg", ""))) {
      return Future.failedFuture(
          Problem.unauthorized("The token is not signed in a way that is trusted here.").thrown());
    }
    return (knows(header.getString("kid")) ? Future.<Void>succeededFuture() : readAgain())
        .compose(known -> auth == null ? notKnownYet() : authenticate(token))
        .map(this::caller);
  }

  private Future<User> authenticate(String token) {
    return auth.authenticate(new TokenCredentials(token))
        .recover(
            failure ->
                Future.failedFuture(Problem.unauthorized("The token is not valid.").thrown()));
  }

  private static Future<User> notKnownYet() {
    return Future.failedFuture(
        Problem.unavailable("Who could vouch for this token does not answer just now.").thrown());
  }

  /**
   * @param keyId null for whichever fits
   */
  private boolean knows(String keyId) {
    return auth != null
        && (keyId == null || keys.stream().anyMatch(key -> keyId.equals(key.getString("kid"))));
  }

  private Future<Void> readAgain() {
    return !reading.isComplete() || nanoTime.getAsLong() - readAt < LEAST_PAUSE_NANOS
        ? reading
        : read();
  }

  /** Keeps those it had when there are none to be had. */
  private Future<Void> read() {
    readAt = nanoTime.getAsLong();
    reading =
        source
            .read()
            .<Void>map(
                read -> {
                  use(read);
                  return null;
                })
            .recover(
                failure -> {
                  LOG.warn("the keys at {} cannot be read: {}", source, Service.reason(failure));
                  return Future.succeededFuture();
                });
    return reading;
  }

  private void use(List<JsonObject> read) {
    List<JsonObject> usable = read.stream().flatMap(this::usable).toList();
    if (usable.equals(keys) && auth != null) {
      return;
    }
    JWTAuthOptions options =
        new JWTAuthOptions()
            .setJWTOptions(
                new JWTOptions()
                    .setIssuer(trust.name)
                    .addAudience(trust.audience)
                    .setLeeway(LEEWAY_SECONDS));
    usable.forEach(options::addJwk);
    auth = JWTAuth.create(vertx, options);
    keys = usable;
    changed.run();
  }

  /** Of a key only what verifies signatures; nothing of one that does something else. */
  private Stream<JsonObject> usable(JsonObject key) {
    boolean fits =
        KEY_TYPES.contains(key.getString("kty", ""))
            && !key.getString("use", "sig").equals("enc")
            && (!key.containsKey("alg") || trust.algorithms.contains(key.getString("alg")));
    JsonObject copy = key.copy();
    copy.fieldNames().removeIf(name -> name.startsWith("x5") || name.equals("d"));
    return fits ? Stream.of(copy) : Stream.empty();
  }

  private Caller caller(User user) {
    Object expires = user.get("exp");
    Object subject = user.get("sub");
    if (!(expires instanceof Number end) || !(subject instanceof String id) || id.isEmpty()) {
      throw Problem.unauthorized("The token lacks exp or sub.").thrown();
    }
    if (trust.rolesClaim != null && !texts(user, trust.rolesClaim).contains(trust.roleName)) {
      throw Problem.forbidden("Whoever this token is about has no part in this.").thrown();
    }
    Set<String> places = trust.placesClaim == null ? Set.of() : texts(user, trust.placesClaim);
    return new Caller(id, trust.role, places, Instant.ofEpochSecond(end.longValue()));
  }

  /** A claim's texts, be it one or a list of them; groups come with a slash before their name. */
  private static Set<String> texts(User user, String path) {
    String[] names = path.split("\\.");
    Object value = user.get(names[0]);
    for (String name : List.of(names).subList(1, names.length)) {
      value = value instanceof JsonObject object ? object.getValue(name) : null;
    }
    List<?> texts = value instanceof JsonArray list ? list.getList() : Arrays.asList(value);
    return texts.stream()
        .filter(String.class::isInstance)
        .map(text -> ((String) text).replaceFirst("^/", ""))
        .collect(Collectors.toUnmodifiableSet());
  }
}
