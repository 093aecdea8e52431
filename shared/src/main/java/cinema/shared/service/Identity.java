package cinema.shared.service;

import cinema.shared.service.Caller.Role;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Checks bearer tokens (JWT, RFC 7519; practices of RFC 8725). Who signed decides what a token can
 * be: customers' sessions cannot vouch for staff, nor the other way round.
 */
public final class Identity {
  /** The {@code iss} of guest sessions. */
  public static final String SESSION_ISSUER = "intermission/sessions";

  /** The {@code aud} of every token. */
  public static final String AUDIENCE = "intermission";

  /** The {@code iss} of whoever vouches for staff on a developer's machine. */
  public static final String DEV_ISSUER = "intermission/dev";

  /** How staff are called in the tokens of a developer's machine. */
  static final String STAFF = "staff";

  private static final Set<String> SESSION_ALGORITHMS = Set.of(Signer.ALGORITHM);
  private static final Set<String> STAFF_ALGORITHMS = Set.of("ES256", "RS256", "PS256", "EdDSA");
  private static final int REMEMBERED = 10_000;
  private static final String CALLER = "caller";

  private final Map<String, Issuer> issuers;
  private final RateLimits limits;
  private final Clock clock;

  /** Verifying a signature costs as much as taking fifty orders: verified tokens are remembered. */
  private final Map<String, Caller> verified = new LastUsed<>(REMEMBERED);

  /**
   * @throws Settings.BadSetting when whoever is named must not be believed
   */
  public Identity(Vertx vertx, Settings settings, Clock clock) {
    this(vertx, settings, clock, System::nanoTime);
  }

  Identity(Vertx vertx, Settings settings, Clock clock, LongSupplier nanoTime) {
    IdentitySettings own = IdentitySettings.of(settings);
    this.clock = clock;
    this.limits = new RateLimits(settings, nanoTime);
    Issuer.Trust sessions =
        new Issuer.Trust(
            SESSION_ISSUER, AUDIENCE, SESSION_ALGORITHMS, Role.CUSTOMER, null, null, null);
    Issuer.Trust staff =
        new Issuer.Trust(
            own.staffIssuer(),
            own.staffAudience(),
            STAFF_ALGORITHMS,
            Role.STAFF,
            own.staffRolesClaim(),
            own.staffRole(),
            own.staffBarsClaim());
    KeySource staffKeys =
        own.staffKeys()
            .map(place -> KeySource.of(vertx, place))
            .orElseGet(() -> KeySource.discovered(vertx, staff.name()));
    KeySource sessionKeys = KeySource.of(vertx, own.sessionKeys());
    this.issuers =
        Map.of(
            sessions.name(),
            new Issuer(vertx, sessions, sessionKeys, nanoTime, verified::clear),
            staff.name(),
            new Issuer(vertx, staff, staffKeys, nanoTime, verified::clear));
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
                  Problem limit = limits.ofCaller(caller, context.response());
                  Problem problem = limit != null ? limit : refusal.of(context, caller);
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
    Issuer issuer = issuers.get(claimed(token, 1).getString("iss", ""));
    if (issuer == null) {
      return refused("The token is not from an issuer that is trusted here.");
    }
    return issuer
        .verify(token, claimed(token, 0))
        .compose(
            caller -> {
              if (!caller.expires().isAfter(clock.instant())) {
                return refused("The token has expired.");
              }
              verified.put(token, caller);
              return Future.succeededFuture(caller);
            });
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

  /**
   * A part of a token: not verified yet, it only chooses who has to vouch for it, and with which
   * key.
   *
   * @return empty when it cannot be read
   */
  private static JsonObject claimed(String token, int part) {
    try {
      byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[part]);
      JsonObject claims = new JsonObject(new String(json, StandardCharsets.UTF_8));
      return new JsonObject()
          .put("iss", String.valueOf(claims.getString("iss")))
          .put("alg", String.valueOf(claims.getString("alg")))
          .put("kid", claims.getString("kid"));
    } catch (RuntimeException e) {
      return new JsonObject();
    }
  }
}
