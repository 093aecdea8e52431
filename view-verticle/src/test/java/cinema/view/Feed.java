package cinema.view;

import static cinema.shared.testing.Bench.await;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Wire;
import io.vertx.core.Promise;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of one of a bar's feeds, who keeps what it is told and how it ended. */
final class Feed<M> {
  private static final int MOST_SECONDS = 30;

  private final BlockingQueue<M> messages = new LinkedBlockingQueue<>();
  private final Promise<Short> closed = Promise.promise();

  /** Referenced for as long as the feed is: otherwise it would be collected, and closed. */
  private final ClientWebSocket socket;

  /**
   * Opens a feed.
   *
   * @throws io.vertx.core.http.UpgradeRejectedException when the server answers otherwise
   */
  Feed(WebSocketClient client, WebSocketConnectOptions where, Class<M> kind) {
    socket = client.webSocket();
    socket.textMessageHandler(text -> messages.add(Wire.decode(text, kind)));
    socket.closeHandler(done -> closed.complete(socket.closeStatusCode()));
    await(socket.connect(where));
  }

  /** The next message, waited for. */
  M next() {
    try {
      M message = messages.poll(MOST_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no further message; closed: " + closed.future().result());
      }
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  FeedMessage.Snapshot nextSnapshot() {
    return (FeedMessage.Snapshot) (Object) next();
  }

  boolean hasMore() {
    return !messages.isEmpty();
  }

  boolean isClosed() {
    return closed.future().isComplete();
  }

  void pause() {
    socket.pause();
  }

  void resume() {
    socket.resume();
  }

  /** The server's last word: its close code, waited for. */
  int closeCode() {
    return await(closed.future());
  }

  void leave() {
    await(socket.close());
  }
}
