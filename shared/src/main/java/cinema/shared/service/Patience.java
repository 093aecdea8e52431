package cinema.shared.service;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Ends connections of those who take too long to say what they want, be it byte by byte: they would
 * hold on to it for as long as they like, and there are only so many. A request's head has to come
 * within a time, and so has its body after it. All on one event loop.
 */
public final class Patience {
  private static final int LOOK_MILLIS = 500;

  /** How long a connection may stay without a request after the last one. */
  static final Duration IDLE = Duration.ofSeconds(75);

  /** A connection, and how far its client has come. */
  private static final class Client {
    /** The last one; null before the first. */
    HttpServerRequest request;

    long since;
    boolean answered;
    boolean isSocket;
  }

  private final Duration most;
  private final int mostConnections;
  private final LongSupplier nanoTime;
  private final Function<HttpServerRequest, Future<Void>> tooSlow;
  private final Map<HttpConnection, Client> clients = new HashMap<>();

  /**
   * @param tooSlow answers a request whose body does not come
   */
  public Patience(Settings settings, Function<HttpServerRequest, Future<Void>> tooSlow) {
    this(settings, System::nanoTime, tooSlow);
  }

  Patience(
      Settings settings, LongSupplier nanoTime, Function<HttpServerRequest, Future<Void>> tooSlow) {
    this.most = settings.requestTime();
    this.mostConnections = settings.connections();
    this.nanoTime = nanoTime;
    this.tooSlow = tooSlow;
  }

  /** Takes care of a server's connections, and passes its requests on. */
  public HttpServer guard(Vertx vertx, HttpServer server, Handler<HttpServerRequest> requests) {
    vertx.setPeriodic(LOOK_MILLIS, due -> look());
    return server
        .connectionHandler(this::connected)
        .requestHandler(request -> on(request, requests));
  }

  private void connected(HttpConnection connection) {
    if (clients.size() >= mostConnections) {
      connection.close();
      return;
    }
    Client client = new Client();
    client.since = nanoTime.getAsLong();
    clients.put(connection, client);
    // Of one that has become a socket Vert.x's own handler would not hear.
    ((HttpServerConnection) connection)
        .channelHandlerContext()
        .channel()
        .closeFuture()
        .addListener(closed -> clients.remove(connection));
  }

  private void on(HttpServerRequest request, Handler<HttpServerRequest> requests) {
    Client client = clients.get(request.connection());
    if (client != null) {
      client.request = request;
      client.since = nanoTime.getAsLong();
      client.answered = false;
    }
    requests.handle(request);
  }

  void look() {
    long now = nanoTime.getAsLong();
    // A copy: whoever is sent away leaves the list.
    Map.copyOf(clients)
        .forEach(
            (connection, client) -> {
              if (!client.isSocket) {
                look(now, connection, client);
              }
            });
  }

  private void look(long now, HttpConnection connection, Client client) {
    Duration waited = Duration.ofNanos(now - client.since);
    if (client.request == null) {
      if (waited.compareTo(most) > 0) {
        connection.close();
      }
    } else if (client.answered) {
      if (waited.compareTo(IDLE) > 0) {
        connection.close();
      }
    } else if (isSocket(client.request)) {
      client.isSocket = true; // with a life of its own
    } else if (client.request.response().ended()) {
      client.answered = true;
      client.since = now;
    } else if (!client.request.isEnded() && waited.compareTo(most) > 0) {
      sendAway(client.request);
    }
  }

  private static boolean isSocket(HttpServerRequest request) {
    return request.response().getStatusCode() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
  }

  private void sendAway(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      request.connection().close();
    } else {
      response.putHeader("connection", "close");
      tooSlow.apply(request).onComplete(answered -> request.connection().close());
    }
  }
}
