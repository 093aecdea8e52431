package cinema.local;

import cinema.shared.contract.Routes;
import cinema.shared.contract.Wire;
import cinema.shared.service.Problem;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** One port for all services, by the same table that the Gateway uses in production. */
final class FrontDoor {
  private static final int CONNECTIONS_EACH = 256;

  private final Vertx vertx;
  private final Place place;
  private final DevTokens devTokens;
  private final Tunnel tunnel;
  private final Map<Routes.Service, HttpProxy> proxies = new EnumMap<>(Routes.Service.class);

  FrontDoor(Vertx vertx, Place place, DevTokens devTokens) {
    this.vertx = vertx;
    this.place = place;
    this.devTokens = devTokens;
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(1000)
                .setTcpNoDelay(true)
                .setMetricsName("front-door"),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_EACH).setMaxWaitQueueSize(4096));
    this.tunnel = new Tunnel(client);
    for (Routes.Service service : Routes.Service.values()) {
      proxies.put(
          service, HttpProxy.reverseProxy(client).origin(place.portOf(service), "127.0.0.1"));
    }
  }

  Future<HttpServer> listen(int port) {
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false))
        .requestHandler(this::handle)
        .listen();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/dev/tokens")) {
      devTokens.handle(request);
      return;
    }
    Optional<Routes.Service> service = Routes.of(request.method().name(), request.path());
    if (service.isEmpty()) {
      answer(request, Problem.notFound("resource"));
    } else if (request.canUpgradeToWebSocket()) {
      tunnel.open(request, place.portOf(service.get()));
    } else {
      proxies.get(service.get()).handle(request);
    }
  }

  static void answer(HttpServerRequest request, Problem problem) {
    request
        .response()
        .setStatusCode(problem.status())
        .putHeader("traceresponse", traceparent(request))
        .putHeader("content-type", "application/problem+json")
        .end(Wire.encode(problem));
  }

  /** What the front door answers itself carries its trace as everything else does. */
  static String traceparent(HttpServerRequest request) {
    return Trace.of(request.getHeader("traceparent"), null).traceparent();
  }
}
