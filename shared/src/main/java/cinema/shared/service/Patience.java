package cinema.shared.service;

import io.netty.handler.codec.http.HttpResponseStatus;
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
import java.util.function.LongSupplier;

/**
 * Ends connections of those who take too long to say what they want, be it byte by byte: they would
 * hold on to it for as long as they like, and there are only so many. A request's head has to come
 * within a time, and so has its body after it. All on one event loop.
 */
public final class Patience {
  private static final int LOOK_MILLIS = 500;

  /** How long a connection may stay without a request after the last one. */
  public static final Duration IDLE = Duration.ofSeconds(75);

  /** What an open connection waits for. */
  private static final class Client {
    /** The one that is not answered yet; null between requests, and once it is a socket. */
    HttpServerRequest request;

    /** In nanoTime: when its patience ends, unless it is a socket or its request has come whole. */
    long until;

    boolean isSocket;
  }

  /** What somebody is told whose request's body does not come. */
  private static final Problem TOO_SLOW =
      Problem.of(408, "too-slow", "Too slow", "The body of the request did not come in time.");

  private final Duration most;
  private final int mostConnections;
  private final LongSupplier nanoTime;
  private final Map<HttpConnection, Client> clients = new HashMap<>();

  public Patience(Settings settings) {
    this(settings, System::nanoTime);
  }

  Patience(Settings settings, LongSupplier nanoTime) {
    this.most = settings.requestTime();
    this.mostConnections = settings.connections();
    this.nanoTime = nanoTime;
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
    client.until = in(most);
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
      client.until = in(most);
    }
    requests.handle(request);
  }

  private long in(Duration time) {
    return nanoTime.getAsLong() + time.toNanos();
  }

  private void look() {
    long now = nanoTime.getAsLong();
    // A copy: whoever is sent away leaves the list.
    Map.copyOf(clients).forEach((connection, client) -> look(now, connection, client));
  }

  private void look(long now, HttpConnection connection, Client client) {
    boolean late = now - client.until > 0;
    if (client.isSocket) {
      return;
    }
    if (client.request == null) {
      if (late) {
        connection.close();
      }
    } else if (isSocket(client.request)) {
      client.isSocket = true; // with a life of its own
      client.request = null;
    } else if (client.request.response().ended()) {
      client.request = null;
      client.until = in(IDLE);
    } else if (late && !client.request.isEnded()) {
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
      Answers.send(request, TOO_SLOW).onComplete(answered -> request.connection().close());
    }
  }
}
