package cinema.shared.service;

import cinema.shared.contract.Wire;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * How answers look, whoever gives them: each names its trace and is data for its caller alone, and
 * what goes wrong is a problem (RFC 9457).
 */
public final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private static final CharSequence NO_SNIFFING =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence CACHE = HttpHeaders.createOptimized("cache-control");
  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");

  /** No page, in no frame, kept by no cache. */
  private static final String DATA_ONLY =
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

  private Answers() {}

  /**
   * Puts on a request's answer what every answer carries; what it says of data, pages say
   * otherwise.
   */
  static Trace begin(HttpServerRequest request) {
    Trace trace = Tracing.traceOf(request);
    request
        .response()
        .putHeader("traceresponse", trace.traceparent())
        .putHeader(NO_SNIFFING, "nosniff")
        .putHeader(CACHE, "no-store")
        .putHeader(POLICY, DATA_ONLY);
    return trace;
  }

  /** What is no HTTP, or too much of it, never comes to the router. */
  public static void sendUnreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        cause instanceof TooLongHttpLineException
            ? 414
            : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    send(request, problem(status));
    request.connection().close();
  }

  static void send(RoutingContext context, Answer answer) {
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

  /**
   * To a request that no router has seen, or not yet answered.
   *
   * @return completes once it is sent
   */
  public static Future<Void> send(HttpServerRequest request, Problem problem) {
    begin(request);
    return send(request.response(), problem);
  }

  static void send(RoutingContext context, Problem problem) {
    if (WebServer.traceOf(context) == null) {
      // Refused before any handler saw it.
      begin(context.request());
    }
    send(context.response(), problem);
  }

  private static Future<Void> send(HttpServerResponse response, Problem problem) {
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

  /** What a handler failed with, or what the router has not found. */
  static void sendFailure(RoutingContext context) {
    Throwable failure = context.failure();
    Problem problem;
    switch (failure) {
      case null -> problem = problem(context.statusCode());
      case Problem.Thrown thrown -> problem = thrown.problem();
      case HttpException http -> problem = problem(http.getStatusCode());
      default -> {
        int status = WebServer.isWhole(context) ? context.statusCode() : 400;
        problem =
            status / 100 == 4 ? problem(status) : logged(context, unexpected(context, failure));
      }
    }
    send(context, problem);
  }

  private static Problem logged(RoutingContext context, Problem problem) {
    boolean passing = problem.status() == 503;
    // Whoever has hung up needs no answer, and what failed may well be that.
    boolean nobodyLeft = passing && context.response().closed();
    LoggingEventBuilder line =
        LOG.atLevel(nobodyLeft ? Level.DEBUG : passing ? Level.WARN : Level.ERROR)
            .addKeyValue("trace", WebServer.traceOf(context).traceId());
    String orderId = context.pathParam("orderId");
    (orderId == null ? line : line.addKeyValue("order", orderId))
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

  /** What there is to say of a status. */
  static Problem problem(int status) {
    return switch (status) {
      case 404 -> Problem.notFound("resource");
      case 405 ->
          Problem.of(405, "method-not-allowed", "Not that way", "This method is not allowed here.");
      case 413 ->
          Problem.of(
                  413,
                  "too-large",
                  "Too large",
                  "A request body may have " + WebServer.MOST_BODY + " bytes.")
              .with("limit", WebServer.MOST_BODY);
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
