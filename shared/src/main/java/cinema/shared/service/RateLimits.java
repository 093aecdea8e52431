package cinema.shared.service;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.LongSupplier;

/**
 * How much each address and each caller may ask of one process. What is past it is answered 429
 * with {@code Retry-After}; every answer says what is left, in the {@code RateLimit} fields of
 * draft-ietf-httpapi-ratelimit-headers. All on one event loop.
 */
public final class RateLimits {
  /** One kind of limit; null when there are none. */
  private record Limit(String name, Buckets buckets, String policy) {
    static Limit of(String name, Buckets.Rate rate, LongSupplier nanoTime) {
      int window = Math.ceilDiv(rate.burst(), rate.perSecond());
      String policy = "\"%s\";q=%d;w=%d".formatted(name, rate.burst(), window);
      return new Limit(name, new Buckets(rate, nanoTime), policy);
    }
  }

  private final Proxies proxies;
  private final Limit addresses;
  private final Limit sessions;
  private final Limit customers;
  private final Limit staff;

  public RateLimits(Settings settings) {
    this(settings, System::nanoTime);
  }

  RateLimits(Settings settings, LongSupplier nanoTime) {
    this.proxies = settings.trustedProxies();
    boolean on = settings.hasRateLimits();
    this.addresses = on ? Limit.of("address", settings.addressRate(), nanoTime) : null;
    this.sessions = on ? Limit.of("sessions", settings.sessionRate(), nanoTime) : null;
    this.customers = on ? Limit.of("customer", settings.customerRate(), nanoTime) : null;
    this.staff = on ? Limit.of("staff", settings.staffRate(), nanoTime) : null;
  }

  /**
   * Counts a request for the address that it comes from.
   *
   * @return null when it may go on
   */
  public Problem ofAddress(HttpServerRequest request) {
    return addresses == null
        ? null
        : take(addresses, proxies.networkOf(request), request.response());
  }

  /**
   * Counts a session for the address that it is opened from: who has many has many callers' share.
   *
   * @return null when it may go on
   */
  public Problem ofSession(HttpServerRequest request) {
    return sessions == null ? null : take(sessions, proxies.networkOf(request), request.response());
  }

  /**
   * Counts a request for its caller.
   *
   * @return null when it may go on
   */
  Problem ofCaller(Caller caller, HttpServerResponse response) {
    Limit limit = caller.role() == Caller.Role.STAFF ? staff : customers;
    return limit == null ? null : take(limit, caller.id(), response);
  }

  private static Problem take(Limit limit, String who, HttpServerResponse response) {
    Buckets.Taken taken = limit.buckets.take(who);
    response.putHeader("ratelimit-policy", limit.policy);
    response.putHeader(
        "ratelimit", "\"" + limit.name + "\";r=" + taken.left() + ";t=" + taken.fullSeconds());
    return taken.isGranted()
        ? null
        : Problem.of(429, "too-many", "Too many requests", "Please wait before you ask again.")
            .with("limit", limit.name)
            .retryAfter(taken.waitSeconds());
  }
}
