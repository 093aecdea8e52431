package cinema.local;

import cinema.shared.contract.Routes;
import cinema.shared.contract.Wire;
import cinema.shared.service.Answers;
import cinema.shared.service.LogLines;
import cinema.shared.service.Patience;
import cinema.shared.service.Problem;
import cinema.shared.service.Proxies;
import cinema.shared.service.RateLimits;
import cinema.shared.service.Service;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.MediaType;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One port for all services, by the same table that the Gateway uses in production. A request goes
 * to a replica that is ready, and to another one only when it cannot have been processed: nothing
 * of it was sent.
 */
final class FrontDoor {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  /** To each replica. */
  static final int CONNECTIONS_EACH = 256;

  private static final int CONNECT_MILLIS = 1000;

  private static final MediaType PROBLEM_JSON = MediaType.parse("application/problem+json");

  /** Longer than any service takes to say something, be it that it does not know. */
  private static final int ANSWER_MILLIS = 10_000;

  private final Vertx vertx;
  private final DevTokens devTokens;
  private final Replicas replicas;
  private final Settings settings;
  private final RateLimits limits;
  private final Proxies trusted;
  private final HttpClient client;
  private final Map<Routes.Service, HttpProxy> proxies = new EnumMap<>(Routes.Service.class);

  FrontDoor(Vertx vertx, Place place, Replicas replicas) {
    this.vertx = vertx;
    this.settings = Settings.of("front-door", place.environment());
    this.limits = new RateLimits(settings);
    this.trusted = settings.trustedProxies();
    this.devTokens = new DevTokens(vertx, place);
    this.replicas = replicas;
    this.client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setConnectTimeout(CONNECT_MILLIS)
                    .setTcpNoDelay(true)
                    .setMetricsName("front-door"))
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_EACH).setMaxWaitQueueSize(4096))
            .withConnectHandler(ReadyCheck::letGo)
            .build();
    for (Routes.Service service : Routes.Service.values()) {
      proxies.put(
          service,
          HttpProxy.reverseProxy(client)
              .origin(
                  context ->
                      connect(service, new RequestOptions().setIdleTimeout(ANSWER_MILLIS), Set.of())
                          .compose(upstream -> unlessHungUp(context, upstream)))
              .addInterceptor(new SayWhatFailed()));
    }
  }

  /** The front door as a process of its own, which follows the list of processes. */
  public static void main(String[] arguments) {
    LogLines.writeAs("front-door");
    Settings settings = Settings.of("front-door", System.getenv());
    if (settings.stopWithParent()) {
      Service.stopWithParent();
    }
    Place place = Place.of(System.getenv());
    Path processes = settings.path("PROCESSES", place.data().resolve("processes.json").toString());
    Vertx vertx = Tracing.into(Vertx.builder(), settings).build();
    if (Tracing.of(vertx).isOn()) {
      // What is collected is sent before the end.
      Service.stopOnSignal(vertx, settings);
    }
    // On one event loop: proxies, checks and the list of replicas are used without locks.
    vertx
        .getOrCreateContext()
        .runOnContext(
            now ->
                new FrontDoor(vertx, place, Replicas.following(vertx, processes))
                    .listen(place.port())
                    .onFailure(
                        failure -> {
                          LOG.error("the front door cannot open: {}", Service.reason(failure));
                          Runtime.getRuntime().halt(1);
                        }));
  }

  Future<HttpServer> listen(int port) {
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(false)
                // Feeds are pinged far more often.
                .setReadIdleTimeout((int) Patience.IDLE.toSeconds())
                // The proxy passes no interim answer on: who expects one would wait for ever.
                .setHandle100ContinueAutomatically(true)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false));
    return new Patience(settings)
        .guard(vertx, server, this::handle)
        .invalidRequestHandler(Answers::sendUnreadable)
        .listen();
  }

  private void handle(HttpServerRequest request) {
    Problem tooMany = limits.ofAddress(request);
    if (tooMany != null) {
      Answers.send(request, tooMany);
      return;
    }
    // What a client says of itself counts for nothing, unless it is a proxy that is trusted.
    request.headers().set("x-forwarded-for", trusted.forwardedFor(request)).remove("forwarded");
    if (request.path().equals("/dev/tokens")) {
      devTokens.handle(request);
      return;
    }
    Optional<Routes.Service> service = Routes.of(request.method().name(), request.path());
    if (!isClearWhereItEnds(request)) {
      Answers.send(request, Problem.badRequest("It is not clear where the request ends."));
      request.connection().close();
    } else if (service.isEmpty()) {
      Answers.send(request, Problem.notFound("resource"));
    } else if (request.canUpgradeToWebSocket()) {
      RequestOptions feed = new RequestOptions().setMethod(request.method()).setURI(request.uri());
      Tunnel.open(request, connect(service.get(), feed, Set.of()));
    } else {
      proxies.get(service.get()).handle(request);
    }
  }

  /** RFC 9112 §6.3; and what follows an upgrade is the new protocol's. */
  private static boolean isClearWhereItEnds(HttpServerRequest request) {
    List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    List<String> lengths = request.headers().getAll(HttpHeaders.CONTENT_LENGTH);
    return request.canUpgradeToWebSocket()
        ? encodings.isEmpty() && Set.of("0").containsAll(lengths)
        : encodings.isEmpty() || encodings.equals(List.of("chunked"));
  }

  /**
   * A connection to a replica that is ready.
   *
   * @param tried those that could not be connected to; empty at first
   */
  private Future<HttpClientRequest> connect(
      Routes.Service service, RequestOptions options, Set<Replicas.Replica> tried) {
    Replicas.Replica replica = replicas.next(service, tried);
    if (replica == null) {
      String why =
          tried.isEmpty()
              ? "This part of Intermission is not there just now."
              : "It does not answer just now.";
      return Future.failedFuture(Problem.unavailable(why).thrown());
    }
    return client
        .request(
            new RequestOptions(options)
                .setHost("127.0.0.1")
                .setPort(replica.port())
                .setConnectTimeout(CONNECT_MILLIS))
        .onSuccess(request -> noticeLeaving(request, replica))
        .recover(
            failure -> {
              // One that all connections are in use to is busy, and not gone.
              if (failure instanceof ConnectException && !ReadyCheck.tookTooLong(failure)) {
                replicas.notReady(replica);
              }
              Set<Replicas.Replica> triedNow = new HashSet<>(tried);
              triedNow.add(replica);
              return connect(service, options, triedNow);
            });
  }

  /**
   * A service that is drained closes each connection after its answer: told by the first of them,
   * and not by a check to come. Refusals of hostile requests close as well, and say nothing.
   */
  private void noticeLeaving(HttpClientRequest request, Replicas.Replica replica) {
    request
        .response()
        .onSuccess(
            answer -> {
              String connection = answer.getHeader(HttpHeaders.CONNECTION);
              if (answer.statusCode() < 400 && "close".equalsIgnoreCase(connection)) {
                replicas.notReady(replica);
              }
            });
  }

  /** Of a client that hung up in the meantime the proxy would wait for the rest of its request. */
  private static Future<HttpClientRequest> unlessHungUp(
      ProxyContext context, HttpClientRequest upstream) {
    if (!context.request().proxiedRequest().response().closed()) {
      return Future.succeededFuture(upstream);
    }
    return upstream.reset().transform(reset -> Future.failedFuture(new StreamResetException(0)));
  }

  /** A failure after the request was sent says neither yes nor no; before it, no. */
  private static final class SayWhatFailed implements ProxyInterceptor {
    /** RFC 9110 §9.2.1, as far as we have them: whoever only looks has changed nothing. */
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      return context
          .sendRequest()
          .recover(
              failure -> {
                Trace trace = Tracing.traceOf(context.request().proxiedRequest());
                Problem problem = problem(failure, context, trace);
                return Future.succeededFuture(response(context, problem, trace));
              });
    }

    private static Problem problem(Throwable failure, ProxyContext context, Trace trace) {
      for (Throwable each = failure; each != null; each = each.getCause()) {
        if (each instanceof Problem.Thrown refusal) {
          return refusal.problem();
        }
      }
      // Reset by the proxy itself, whose client has hung up: nothing is wrong with the service.
      LOG.atLevel(failure instanceof StreamResetException ? Level.DEBUG : Level.WARN)
          .addKeyValue("trace", trace.traceId())
          .log(
              "{} {} got no answer: {}",
              context.request().getMethod(),
              context.request().proxiedRequest().path(),
              Service.reason(failure));
      boolean changes = !SAFE.contains(context.request().getMethod());
      return changes
          ? Problem.unknown("The service went away before it answered: ask again to be sure.")
          : Problem.unavailable("The service went away before it answered.");
    }

    private static ProxyResponse response(ProxyContext context, Problem problem, Trace trace) {
      ProxyResponse response =
          context
              .request()
              .release()
              .response()
              .setStatusCode(problem.status())
              .putHeader("traceresponse", trace.traceparent())
              .setBody(Body.body(Buffer.buffer(Wire.encode(problem)), PROBLEM_JSON));
      if (problem.retryAfterSeconds() != null) {
        response.putHeader("retry-after", problem.retryAfterSeconds().toString());
      }
      return response;
    }
  }
}
