package cinema.shared.service;

import cinema.shared.contract.Wire;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.micrometer.PrometheusScrapingHandler;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final Set<String> FOR_OPERATORS =
      Set.of("/metrics", "/health", "/health/started", "/health/live", "/health/ready");

  private static final String TRACE = "trace";
  private static final CharSequence NO_SNIFFING =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence CACHE = HttpHeaders.createOptimized("cache-control");
  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");

  /** Answers are data, and nobody's but the caller's: no page, in no frame, kept by no cache. */
  private static final String DATA_ONLY =
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

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
    router.route().handler(WebServer::trace);
    router.route().handler(this::limit);
    router.route().handler(WebServer::refuseUnreadableQueries);
    router.route().handler(WebServer::refuseForms);
    router.route().handler(BodyHandler.create(false).setBodyLimit(MOST_BODY));
    router.route().handler(WebServer::readWhole);
    router.route().failureHandler(WebServer::answerFailure);
    for (int status : new int[] {400, 404, 405, 406, 413, 414, 415, 431}) {
      router.errorHandler(status, context -> answer(context, problem(status)));
    }
    router.errorHandler(500, WebServer::answerFailure);
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
    HttpServer unguarded = vertx.createHttpServer(options);
    return new Patience(settings, nanoTime, WebServer::answerTooSlow)
        .guard(vertx, unguarded, router)
        .invalidRequestHandler(WebServer::answerUnreadable)
        .listen()
        .onSuccess(
            server ->
                LOG.info(
                    "{} listens on http://{}:{}",
                    settings.service(),
                    settings.httpHost(),
                    server.actualPort()))
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
            .onSuccess(answer -> answer(context, answer))
            .onFailure(context::fail);
  }

  public static Trace traceOf(RoutingContext context) {
    return context.get(TRACE);
  }

  private static void trace(RoutingContext context) {
    context.put(TRACE, traced(context.request()));
    context.next();
  }

  private static Trace traced(HttpServerRequest request) {
    Trace trace = Trace.of(request.getHeader("traceparent"), request.getHeader("x-correlation-id"));
    request
        .response()
        .putHeader("traceresponse", trace.traceparent())
        .putHeader(NO_SNIFFING, "nosniff")
        .putHeader(CACHE, "no-store")
        .putHeader(POLICY, DATA_ONLY);
    return trace;
  }

  /** Those who look after this service may always ask how it is. */
  private void limit(RoutingContext context) {
    boolean exempt = FOR_OPERATORS.contains(context.request().path());
    Problem problem = exempt ? null : limits.ofAddress(context.request());
    if (problem == null) {
      context.next();
    } else {
      context.fail(problem.thrown());
    }
  }

  /** Lets only so many sessions be opened from one address. */
  public Handler<RoutingContext> limitingSessions() {
    return context -> {
      Problem problem = limits.ofSession(context.request());
      if (problem == null) {
        context.next();
      } else {
        context.fail(problem.thrown());
      }
    };
  }

  private static Future<Void> answerTooSlow(HttpServerRequest request) {
    return answer(
        request.response(),
        Problem.of(408, "too-slow", "Too slow", "The body of the request did not come in time."));
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

  /** Until here nothing of ours was asked: what fails before is how the client sends its body. */
  private static void readWhole(RoutingContext context) {
    context.put(WHOLE, true).next();
  }

  /** What is no HTTP, or too much of it, never comes to the router. */
  public static void answerUnreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        cause instanceof TooLongHttpLineException
            ? 414
            : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    traced(request);
    answer(request.response(), problem(status));
    request.connection().close();
  }

  private static void answer(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (answer.body() == null) {
      response.end();
    } else {
      response.putHeader("content-type", "application/json").end(Wire.encode(answer.body()));
    }
  }

  private static void answer(RoutingContext context, Problem problem) {
    if (traceOf(context) == null) {
      // Refused before any handler saw it.
      traced(context.request());
    }
    answer(context.response(), problem);
  }

  private static Future<Void> answer(HttpServerResponse response, Problem problem) {
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    response.setStatusCode(problem.status()).putHeader("content-type", "application/problem+json");
    if (problem.retryAfterSeconds() != null) {
      response.putHeader("retry-after", problem.retryAfterSeconds().toString());
    }
    if (problem.status() == 401) {
      response.putHeader("www-authenticate", "Bearer");
    }
    return response.end(Wire.encode(problem));
  }

  private static void answerFailure(RoutingContext context) {
    Throwable failure = context.failure();
    Problem problem;
    switch (failure) {
      case null -> problem = problem(context.statusCode());
      case Problem.Thrown thrown -> problem = thrown.problem();
      case HttpException http -> problem = problem(http.getStatusCode());
      default -> {
        int status = context.get(WHOLE) == null ? 400 : context.statusCode();
        problem =
            status / 100 == 4 ? problem(status) : logged(context, unexpected(context, failure));
      }
    }
    answer(context, problem);
  }

  private static Problem logged(RoutingContext context, Problem problem) {
    boolean passing = problem.status() == 503;
    // Whoever has hung up needs no answer, and what failed may well be that.
    boolean nobodyLeft = passing && context.response().closed();
    LOG.atLevel(nobodyLeft ? Level.DEBUG : passing ? Level.WARN : Level.ERROR)
        .addKeyValue("trace", traceOf(context).traceId())
        .setCause(passing ? null : context.failure())
        .log(
            "{} {} failed: {}",
            context.request().method(),
            context.request().path(),
            Service.reason(context.failure()));
    return problem;
  }

  /**
   * What the world did to us may pass; what we did wrong will not. Whoever asked for a change is
   * not told that it failed when it may have been made.
   */
  private static Problem unexpected(RoutingContext context, Throwable failure) {
    boolean changes = !Set.of(HttpMethod.GET, HttpMethod.HEAD).contains(context.request().method());
    if (isMistake(failure)) {
      return problem(500);
    }
    return changes && !Database.saysNo(failure)
        ? Problem.unknown("This may or may not have been done. Ask again to be sure.")
        : Problem.unavailable("The service cannot do this right now; please try again.");
  }

  private static boolean isMistake(Throwable failure) {
    return (Database.saysNo(failure) && !Database.mayPass(failure))
        || failure instanceof Error
        || (failure instanceof RuntimeException
            && failure.getClass().getPackageName().startsWith("java."));
  }

  private static Problem problem(int status) {
    return switch (status) {
      case 404 -> Problem.notFound("resource");
      case 405 ->
          Problem.of(405, "method-not-allowed", "Not that way", "This method is not allowed here.");
      case 413 ->
          Problem.of(
                  413, "too-large", "Too large", "A request body may have " + MOST_BODY + " bytes.")
              .with("limit", MOST_BODY);
      case 415 -> Problem.of(415, "media-type", "Not JSON", "Send application/json.");
      case 500 -> Problem.of(500, "internal", "Our mistake", "Something went wrong on our side.");
      default ->
          status >= 400 && status < 500
              ? new Problem(
                  "/problems/bad-request",
                  "The request cannot be read",
                  status,
                  "The request is not well formed.",
                  null,
                  Map.of(),
                  null)
              : Problem.of(500, "internal", "Our mistake", "Something went wrong on our side.");
    };
  }
}
