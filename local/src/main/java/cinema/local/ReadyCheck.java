package cinema.local;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks services whether they are ready. */
final class ReadyCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ReadyCheck.class);
  private static final int PAUSE_MILLIS = 50;
  private static final int ANSWER_MILLIS = 1000;

  private final Vertx vertx;
  private final HttpClient client;

  ReadyCheck(Vertx vertx) {
    this.vertx = vertx;
    this.client =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setConnectTimeout(1000).setMetricsName("ready-check"))
            .withConnectHandler(ReadyCheck::letGo)
            .build();
  }

  /**
   * Of a connection that is kept and breaks while nobody asks anything over it, nobody need hear:
   * whoever waits for an answer is told.
   */
  static void letGo(HttpConnection connection) {
    connection.exceptionHandler(broken -> LOG.debug("a connection: {}", broken.toString()));
  }

  /** Completes when the service on this port is ready; never fails. */
  Future<Void> untilReady(int port) {
    return ask(port)
        .compose(
            reply -> {
              if (reply == Reply.READY) {
                return Future.succeededFuture();
              }
              Promise<Void> pause = Promise.promise();
              vertx.setTimer(PAUSE_MILLIS, timer -> pause.complete());
              return pause.future().compose(paused -> untilReady(port));
            });
  }

  /** What a service says; nothing when it takes too long. */
  enum Reply {
    READY,
    NOT_READY,
    NONE
  }

  /** Never fails: where nothing listens, nothing is ready. */
  Future<Reply> ask(int port) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/health/ready")
                .setTimeout(ANSWER_MILLIS))
        .compose(request -> request.send())
        .map(response -> response.statusCode() == 200 ? Reply.READY : Reply.NOT_READY)
        .otherwise(failure -> tookTooLong(failure) ? Reply.NONE : Reply.NOT_READY);
  }

  /** Whether it says nothing of the other side but that it may be busy, or that we were. */
  static boolean tookTooLong(Throwable failure) {
    return failure instanceof TimeoutException || failure instanceof ConnectTimeoutException;
  }
}
