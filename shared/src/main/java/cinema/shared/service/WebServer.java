package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.micrometer.PrometheusScrapingHandler;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manners of every service over HTTP: trace ids, bounded bodies, problems for errors, health
 * and metrics.
 */
public final class WebServer {
  /** The largest request body, in bytes. */
  public static final int MOST_BODY = 16 * 1024;

  /** Of a request's first line and of all its headers, in bytes. */
  private static final int MOST_LINE = 4096;

  private static final int MOST_HEADERS = 8192;

  /** Seconds that what is in hand may take while the server stops. */
  private static final int LONGEST_FINISH = 20;

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final Set<String> FOR_OPERATORS =
      Set.of("/metrics", "/health", "/health/started", "/health/live", "/health/ready");

  private static final String TRACE = "trace";
  private static final String WHOLE = "whole";
  private static final Pattern FORM =
      Pattern.compile(
          "\\s*(multipart/|application/x-www-form-urlencoded)", Pattern.CASE_INSENSITIVE);

  private final Vertx vertx;
  private final Settings settings;
  private final LongSupplier nanoTime;
  private final Router router;
  private final Health health;
  private final RateLimits limits;
  private final Traffic traffic;
  private HttpServer server;

  public WebServer(Vertx vertx, Settings settings) {
    this(vertx, settings, System::nanoTime);
  }

  WebServer(Vertx vertx, Settings settings, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.health = new Health(vertx);
    this.limits = new RateLimits(settings, nanoTime);
    this.router = Router.router(vertx);
    this.traffic = new Traffic(Metrics.of(settings), router, nanoTime);
    router.route().handler(this::count);
    router.route().handler(this::begin);
    router.route().handler(this::limit);
    router.route().handler(WebServer::refuseUnreadableQueries);
    router.route().handler(WebServer::refuseForms);
    router.route().handler(BodyHandler.create(false).setBodyLimit(MOST_BODY));
    router.route().handler(WebServer::readWhole);
    router.route().failureHandler(Answers::sendFailure);
    for (int status : new int[] {400, 404, 406, 413, 414, 415, 431}) {
      router.errorHandler(status, context -> Answers.send(context, Answers.problem(status)));
    }
    router.errorHandler(405, this::refuseMethod);
    router.errorHandler(500, Answers::sendFailure);
    router.get("/metrics").handler(PrometheusScrapingHandler.create());
    health.mount(router);
  }

  public Router router() {
    return router;
  }

  public Health health() {
    return health;
  }

  /** Completes with the server once it listens; names the port when it cannot. */
  public Future<HttpServer> listen() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.httpHost())
            .setPort(settings.httpPort())
            .setTcpNoDelay(true)
            // HTTP/1.1 is what proxies speak here; an offer to upgrade is passed over.
            .setHttp2ClearTextEnabled(false)
            // Of reading alone, so that sockets end whose other end is gone without a word.
            .setReadIdleTimeout((int) Patience.IDLE.toSeconds())
            .setMaxInitialLineLength(MOST_LINE)
            .setMaxHeaderSize(MOST_HEADERS)
            .setMaxWebSocketFrameSize(MOST_BODY)
            .setMaxWebSocketMessageSize(MOST_BODY)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false);
    new Pulse(vertx, Metrics.of(settings), health, nanoTime).start();
    HttpServer unguarded = vertx.createHttpServer(options);
    return new Patience(settings, nanoTime)
        .guard(vertx, unguarded, router)
        .invalidRequestHandler(traffic::unreadable)
        .listen()
        .onSuccess(
            listening -> {
              server = listening;
              LOG.info(
                  "{} listens on http://{}:{}",
                  settings.service(),
                  settings.httpHost(),
                  server.actualPort());
            })
        .recover(
            failure ->
                Future.failedFuture(
                    new IllegalStateException(
                        "port "
                            + settings.httpPort()
                            + " cannot be used: "
                            + Service.reason(failure))));
  }

  /**
   * A handler that answers with what the function's future brings; its failure becomes a problem.
   */
  public static Handler<RoutingContext> answering(
      Function<RoutingContext, Future<Answer>> function) {
    return context ->
        function
            .apply(context)
            .onSuccess(answer -> Answers.send(context, answer))
            .onFailure(context::fail);
  }

  public static Trace traceOf(RoutingContext context) {
    return context.get(TRACE);
  }

  /**
   * Stops without anybody noticing. It says that it is not ready, and on every answer that the
   * connection is not to be used again; serves on until all who send to it have had the time to
   * hear of that; closes its sockets; and finishes what is in hand. Only closing idle connections
   * would lose the requests that are on their way (Vert.x's own {@code shutdown}).
   *
   * @param sockets closes them, so that they come back to another process
   * @return completes when nothing comes in any more, whatever goes wrong
   */
  public Future<Void> drain(Supplier<Future<?>> sockets) {
    health.drain();
    long millis = Service.hasBeenLeft() ? 0 : settings.drainTime().toMillis();
    if (server == null || millis == 0) {
      return sockets.get().otherwiseEmpty().mapEmpty();
    }
    LOG.info("{} is drained", settings.service());
    return vertx
        .timer(millis, TimeUnit.MILLISECONDS)
        .compose(heard -> sockets.get().otherwiseEmpty())
        .compose(closed -> server.shutdown(LONGEST_FINISH, TimeUnit.SECONDS))
        .otherwiseEmpty();
  }

  private void begin(RoutingContext context) {
    HttpServerRequest request = context.request();
    context.put(TRACE, Answers.begin(request));
    if (health.isDraining() && !request.headers().contains(HttpHeaders.UPGRADE)) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    context.next();
  }

  private void count(RoutingContext context) {
    if (!isForOperators(context)) {
      traffic.begin(context);
    }
    context.next();
  }

  /** To be told of every request that a handler has made a socket of. */
  public static void becameSocket(RoutingContext context) {
    Traffic.becameSocket(context);
  }

  /** Those who look after this service may always ask how it is. */
  private void limit(RoutingContext context) {
    passUnless(isForOperators(context) ? null : limits.ofAddress(context.request()), context);
  }

  private static boolean isForOperators(RoutingContext context) {
    return FOR_OPERATORS.contains(context.request().path());
  }

  /** Lets only so many sessions be opened from one address. */
  public Handler<RoutingContext> limitingSessions() {
    return context -> passUnless(limits.ofSession(context.request()), context);
  }

  /**
   * @param problem null for none
   */
  private static void passUnless(Problem problem, RoutingContext context) {
    if (problem == null) {
      context.next();
    } else {
      context.fail(problem.thrown());
    }
  }

  /** They are taken apart when the first parameter is asked for, wherever that may be. */
  private static void refuseUnreadableQueries(RoutingContext context) {
    try {
      context.request().params();
      context.next();
    } catch (IllegalArgumentException e) {
      context.fail(400);
    }
  }

  /** Nobody here reads forms, and to take them apart fails in ways that look like our mistakes. */
  private static void refuseForms(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && FORM.matcher(type).lookingAt()) {
      context.fail(415);
    } else {
      context.next();
    }
  }

  /** Says which methods there are (RFC 9110 §15.5.6), as Vert.x does where it answers itself. */
  private void refuseMethod(RoutingContext context) {
    String path = context.request().path();
    String allowed =
        router.getRoutes().stream()
            .filter(route -> route.methods() != null && Traffic.leadsTo(route, path))
            .flatMap(route -> route.methods().stream())
            .map(HttpMethod::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    Answers.send(context, Answers.problem(405));
  }

  /** Until here nothing of ours was asked: what fails before is how the client sends its body. */
  private static void readWhole(RoutingContext context) {
    context.put(WHOLE, true).next();
  }

  /** Whether a request has come whole; else what fails is how it is sent. */
  static boolean isWhole(RoutingContext context) {
    return context.get(WHOLE) != null;
  }
}
