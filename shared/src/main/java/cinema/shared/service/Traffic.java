package cinema.shared.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests are here, and what becomes of each: by route, as it is written in the code and
 * never as a client writes it, and by class of status. What operators ask does not count.
 *
 * <p>All on one event loop; only what is shown may be read elsewhere.
 */
final class Traffic {
  private static final String VISIT = "visit";
  private static final String[] ANSWERED = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  /** In the order of their statuses, so that the first of each is seen as an increase. */
  private static final int[] REFUSALS = {
    400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 422, 426, 429, 431, 500, 503
  };

  /** A request's way through here. */
  private final class Visit implements Handler<AsyncResult<Void>> {
    private final RoutingContext context;
    private final long began = nanoTime.getAsLong();
    private boolean over;

    private Visit(RoutingContext context) {
      this.context = context;
    }

    @Override
    public void handle(AsyncResult<Void> ended) {
      // Of an answer that did not get through nobody knows how it was taken.
      end(ended.succeeded() ? context.response().getStatusCode() : 0);
    }

    /** Once: an answer may end, and its connection break afterwards. */
    private void end(int status) {
      if (!over) {
        over = true;
        inFlight--;
        long took = nanoTime.getAsLong() - began;
        timer(routeOf(context), status / 100).record(took, TimeUnit.NANOSECONDS);
        refused(status);
      }
    }
  }

  private final Metrics metrics;
  private final Router router;
  private final LongSupplier nanoTime;
  private final Map<Route, Timer[]> timers = new HashMap<>();
  private final Timer[] nowhere = new Timer[ANSWERED.length];
  private final Map<Integer, Counter> refusals = new HashMap<>();

  /** Written by one thread only. */
  private volatile int inFlight;

  Traffic(Metrics metrics, Router router, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.router = router;
    this.nanoTime = nanoTime;
    metrics.gauge(
        "intermission.http.in.flight", "Requests that are not answered yet", () -> inFlight);
    for (int status : REFUSALS) {
      refusals.put(
          status,
          metrics.counter(
              "intermission.http.refused",
              "Requests that were refused, or that failed",
              "status",
              Integer.toString(status)));
    }
  }

  /** A request begins; it ends by itself, be it that its connection breaks. */
  void begin(RoutingContext context) {
    inFlight++;
    Visit visit = new Visit(context);
    context.put(VISIT, visit);
    context.addEndHandler(visit);
  }

  /** What has become a socket is no request any more, and nobody would tell of its end. */
  static void becameSocket(RoutingContext context) {
    Visit visit = context.get(VISIT);
    visit.end(101);
  }

  /** What cannot be read as HTTP comes to no router. */
  void unreadable(HttpServerRequest request) {
    Answers.sendUnreadable(request);
    refused(request.response().getStatusCode());
  }

  private void refused(int status) {
    if (status >= 400) {
      Counter counter = refusals.get(status);
      if (counter != null) {
        counter.increment();
      }
    }
  }

  private Timer timer(Route route, int answered) {
    Timer[] ofRoute =
        route == null
            ? nowhere
            : timers.computeIfAbsent(route, first -> new Timer[ANSWERED.length]);
    Timer known = ofRoute[answered];
    if (known == null) {
      known =
          metrics.timer(
              "intermission.http.requests",
              "Requests, until they are answered or have become a socket",
              "route",
              route == null ? "none" : route.getPath(),
              "method",
              route == null ? "any" : methodOf(route),
              "status",
              ANSWERED[answered]);
      ofRoute[answered] = known;
    }
    return known;
  }

  private static String methodOf(Route route) {
    Set<HttpMethod> methods = route.methods();
    return methods == null || methods.size() != 1 ? "any" : methods.iterator().next().name();
  }

  /**
   * @return null for none
   */
  private Route routeOf(RoutingContext context) {
    Route route = context.currentRoute();
    // What fails goes to the handler of failures, which has no path.
    return route != null && route.getPath() != null && !context.failed() ? route : find(context);
  }

  private Route find(RoutingContext context) {
    HttpServerRequest request = context.request();
    for (Route route : router.getRoutes()) {
      Set<HttpMethod> methods = route.methods();
      if ((methods == null || methods.contains(request.method()))
          && leadsTo(route, request.path())) {
        return route;
      }
    }
    return null;
  }

  /** Whether a path is one of a route's, such as {@code /orders/:orderId}; not of one for all. */
  static boolean leadsTo(Route route, String path) {
    String pattern = route.getPath();
    if (pattern == null) {
      return false;
    }
    if (!route.isExactPath()) {
      return path.startsWith(pattern);
    }
    int at = 0;
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == ':') {
        int end = path.indexOf('/', at);
        int next = pattern.indexOf('/', i);
        at = end < 0 ? path.length() : end;
        i = (next < 0 ? pattern.length() : next) - 1;
      } else if (at < path.length() && path.charAt(at) == pattern.charAt(i)) {
        at++;
      } else {
        return false;
      }
    }
    return at == path.length();
  }
}
