package cinema.local;

import cinema.shared.service.Answers;
import cinema.shared.service.Problem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Set;

/**
 * Passes a WebSocket through byte by byte, so that pings, close codes and pressure reach the other
 * end. vertx-http-proxy 5.0.8 would do it too, but listens to the service only after it has
 * answered the client: what a feed says first can be lost in between.
 */
final class Tunnel {
  private static final Set<String> HANDSHAKE =
      Set.of("upgrade", "sec-websocket-accept", "sec-websocket-protocol", "traceresponse");

  private Tunnel() {}

  /**
   * Passes a request on that wants to become a WebSocket.
   *
   * @param service the connection to the service's replica, once it is there
   */
  static void open(HttpServerRequest request, Future<HttpClientRequest> service) {
    request.pause();
    service
        .compose(
            upstream -> {
              copy(request.headers(), upstream.headers());
              upstream.putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
              // Either side may go at any time; the sockets' own handlers see to that.
              upstream.exceptionHandler(closed -> {});
              return upstream.connect();
            })
        .compose(
            response -> {
              response.exceptionHandler(closed -> {});
              return response.statusCode() == 101
                  ? join(request, response)
                  : refuse(request, response);
            })
        .onFailure(
            failure -> {
              request.resume();
              if (!request.response().ended() && !request.response().closed()) {
                Answers.send(request, Problem.unavailable("The live feed is not there just now."));
              }
            });
  }

  private static Future<Void> join(HttpServerRequest request, HttpClientResponse response) {
    NetSocket service = response.netSocket();
    // Before anything else: the service may be speaking already.
    service.pause();
    Promise<Void> gone = Promise.promise();
    service.exceptionHandler(broken -> gone.tryComplete());
    service.closeHandler(closed -> gone.tryComplete());
    request.response().setStatusCode(101).putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    response.headers().entries().stream()
        .filter(header -> HANDSHAKE.contains(header.getKey().toLowerCase(java.util.Locale.ROOT)))
        .forEach(header -> request.response().putHeader(header.getKey(), header.getValue()));
    return request
        .toNetSocket()
        .onSuccess(
            customer -> {
              connect(customer, service);
              connect(service, customer);
              gone.future().onSuccess(early -> customer.close());
              service.resume();
              request.resume();
            })
        .onFailure(failure -> service.close())
        .mapEmpty();
  }

  /** One direction: no faster than the other end takes it, and closed together. */
  private static void connect(NetSocket from, NetSocket to) {
    // A socket of Vert.x's HTTP client that breaks off says so here, and never that it has closed.
    from.exceptionHandler(broken -> to.close());
    from.handler(
        bytes -> {
          to.write(bytes).onFailure(gone -> from.close());
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
          }
        });
    from.closeHandler(closed -> to.close());
  }

  /** No WebSocket: the service's answer, as it is. */
  private static Future<Void> refuse(HttpServerRequest request, HttpClientResponse response) {
    request.resume();
    return response
        .body()
        // Its pool would keep it for ever, waiting for the end of a request that may be a tunnel.
        .onComplete(read -> response.request().connection().close())
        .compose(
            body -> {
              request.response().setStatusCode(response.statusCode());
              copy(response.headers(), request.response().headers());
              return request.response().end(body);
            });
  }

  private static void copy(MultiMap from, MultiMap to) {
    from.forEach(
        (name, value) -> {
          boolean hop =
              name.equalsIgnoreCase("connection")
                  || name.equalsIgnoreCase("host")
                  || name.equalsIgnoreCase("transfer-encoding")
                  || name.equalsIgnoreCase("keep-alive");
          if (!hop) {
            to.add(name, value);
          }
        });
  }
}
