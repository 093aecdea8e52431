package cinema.shared.service;

import cinema.shared.service.Caller.Role;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks bearer tokens (JWT, RFC 7519; practices of RFC 8725). Who signed decides what a token can
 * be: customers' sessions cannot vouch for staff, nor the other way round.
 */
public final class Identity {
  /** The {@code iss} of guest sessions. */
  public static final String SESSION_ISSUER = "intermission/sessions";

  /** The {@code aud} of every token. */
  public static final String AUDIENCE = "intermission";

  private static final String ALGORITHM = "ES256";
  private static final int REMEMBERED = 10_000;
  private static final String CALLER = "caller";

  private record Issuer(JWTAuth auth, Role role) {}

  private final Map<String, Issuer> issuers;
  private final Clock clock;

  /** Verifying a signature costs as much as taking fifty orders: verified tokens are remembered. */
  private final Map<String, Caller> verified =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Caller> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Identity(Vertx vertx, Settings settings, Clock clock) {
    this.clock = clock;
    this.issuers =
        Map.of(
            SESSION_ISSUER,
            new Issuer(auth(vertx, settings.sessionKeys(), SESSION_ISSUER), Role.CUSTOMER),
            settings.staffIssuer(),
            new Issuer(auth(vertx, settings.staffKeys(), settings.staffIssuer()), Role.STAFF));
  }

  private static JWTAuth auth(Vertx vertx, Path keys, String issuer) {
    JWTAuthOptions options =
        new JWTAuthOptions()
            .setJWTOptions(
                new JWTOptions().setAlgorithm(ALGORITHM).setIssuer(issuer).addAudience(AUDIENCE));
    Keys.read(keys).forEach(options::addJwk);
    return JWTAuth.create(vertx, options);
  }

  /** Signs tokens with the first key of a private JWK set. */
  public static final class Signer {
    private final JWTAuth auth;
    private final String issuer;

    public Signer(Vertx vertx, Path privateKeys, String issuer) {
      this.auth =
          JWTAuth.create(vertx, new JWTAuthOptions().addJwk(Keys.read(privateKeys).getFirst()));
      this.issuer = issuer;
    }

    /**
     * @param places what a member of staff may serve; empty for customers
     */
    public String sign(String subject, Set<String> places, Instant now, Duration life) {
      JsonObject claims =
          new JsonObject()
              .put("sub", subject)
              .put("iat", now.getEpochSecond())
              .put("exp", now.plus(life).getEpochSecond());
      if (!places.isEmpty()) {
        claims.put("bars", new JsonArray(places.stream().sorted().toList()));
      }
      return auth.generateToken(
          claims,
          new JWTOptions()
              .setAlgorithm(ALGORITHM)
              .setIssuer(issuer)
              .addAudience(AUDIENCE)
              .setNoTimestamp(true));
    }
  }

  /** Lets requests of one role through; afterwards {@link #callerOf} tells who it is. */
  public Handler<RoutingContext> require(Role role) {
    return admitting((context, caller) -> caller.role() == role ? null : onlyFor(role));
  }

  /** What a caller of another role is told. */
  public static Problem onlyFor(Role role) {
    return Problem.forbidden("This is for " + role.name().toLowerCase(Locale.ROOT) + ".");
  }

  /** Lets everybody through who has a good token. */
  public Handler<RoutingContext> requireAnyone() {
    return admitting((context, caller) -> null);
  }

  /**
   * Lets staff through who may serve the place that a path parameter names. Another's place is
   * answered like one that does not exist.
   */
  public Handler<RoutingContext> requireStaffOf(String pathParameter) {
    return admitting(
        (context, caller) -> {
          if (caller.role() != Role.STAFF) {
            return onlyFor(Role.STAFF);
          }
          return caller.serves(context.pathParam(pathParameter)) ? null : Problem.notFound("bar");
        });
  }

  private interface Refusal {
    /**
     * @return null to let the caller through
     */
    Problem of(RoutingContext context, Caller caller);
  }

  private Handler<RoutingContext> admitting(Refusal refusal) {
    return context ->
        caller(context)
            .onFailure(context::fail)
            .onSuccess(
                caller -> {
                  Problem problem = refusal.of(context, caller);
                  if (problem != null) {
                    context.fail(problem.thrown());
                  } else {
                    context.put(CALLER, caller);
                    context.next();
                  }
                });
  }

  public static Caller callerOf(RoutingContext context) {
    return context.get(CALLER);
  }

  /** Verifies the request's bearer token; fails with a 401 problem. */
  public Future<Caller> caller(RoutingContext context) {
    return caller(bearer(context));
  }

  /** Verifies a token; fails with a 401 problem when it is missing or not good. */
  public Future<Caller> caller(String token) {
    if (token == null) {
      return refused("Send a bearer token in the Authorization header.");
    }
    Caller known = verified.get(token);
    if (known != null) {
      return known.expires().isAfter(clock.instant())
          ? Future.succeededFuture(known)
          : refused("The token has expired.");
    }
    Issuer issuer = issuers.get(claimedIssuer(token));
    if (issuer == null) {
      return refused("The token is not from an issuer that is trusted here.");
    }
    return issuer
        .auth
        .authenticate(new TokenCredentials(token))
        .map(user -> read(issuer.role, user.principal(), user.get("exp"), user.get("sub")))
        .compose(
            caller -> {
              if (!caller.expires().isAfter(clock.instant())) {
                return refused("The token has expired.");
              }
              verified.put(token, caller);
              return Future.succeededFuture(caller);
            },
            failure -> refused("The token is not valid."));
  }

  private static Caller read(Role role, JsonObject claims, Object expires, Object subject) {
    if (!(expires instanceof Number end) || !(subject instanceof String id) || id.isEmpty()) {
      throw Problem.unauthorized("The token lacks exp or sub.").thrown();
    }
    Set<String> bars =
        claims.getJsonArray("bars", new JsonArray()).stream()
            .map(String::valueOf)
            .collect(Collectors.toUnmodifiableSet());
    return new Caller(id, role, bars, Instant.ofEpochSecond(end.longValue()));
  }

  private static Future<Caller> refused(String why) {
    return Future.failedFuture(Problem.unauthorized(why).thrown());
  }

  private static String bearer(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? header.substring(7).strip()
        : null;
  }

  /** Not verified yet: only chooses who has to vouch for it. */
  private static String claimedIssuer(String token) {
    try {
      String[] parts = token.split("\\.", -1);
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      return new JsonObject(new String(claims, StandardCharsets.UTF_8)).getString("iss", "");
    } catch (RuntimeException e) {
      return "";
    }
  }
}
