package cinema.view;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that a feed is sent to. A client that does not read gets nothing more until it does, and
 * has a second for that; what it was not sent meanwhile is for the feed to find.
 */
final class FeedSocket {
  private static final Logger LOG = LoggerFactory.getLogger(FeedSocket.class);

  private static final int PING_MILLIS = 15_000;
  private static final int GOODBYE_MILLIS = 5000;

  /** Together a second: a client who does not read will not read the goodbye either. */
  private static final int SLOW_MILLIS = 750;

  private static final int SLOW_GOODBYE_MILLIS = 250;
  private static final int STOP_MILLIS = 1000;

  /**
   * Vert.x writes each frame to the network by itself. With a thousand sockets those writes are
   * nearly all that a view does, so Netty gathers what is sent to a socket until everything else
   * that has come meanwhile is dealt with: at once when there is little, together when there is
   * more than can be sent. Little enough to leave room in the socket's queue.
   */
  private static final int FRAMES_TOGETHER = 32;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final HttpServerConnection connection;
  private final VertxConnection wire;
  private final FeedCount count;
  private final long pings;
  private final List<Runnable> left = new ArrayList<>();
  private boolean gone;
  private boolean full;
  private long patience = -1;
  private long expiry = -1;

  /**
   * @param connection that became the socket
   */
  FeedSocket(Vertx vertx, ServerWebSocket socket, HttpConnection connection, FeedCount count) {
    this.vertx = vertx;
    this.count = count;
    this.socket = socket;
    this.connection = (HttpServerConnection) connection;
    VertxHandler<?> handler = pipeline().get(VertxHandler.class);
    this.wire = handler.getConnection();
    pipeline().addFirst(new FlushConsolidationHandler(FRAMES_TOGETHER, true));
    this.pings = vertx.setPeriodic(PING_MILLIS, timer -> ping());
    socket.closeHandler(closed -> leave());
    socket.exceptionHandler(failure -> LOG.debug("a feed's socket: {}", failure.toString()));
  }

  /** Closes it after so long, since the token behind it has expired. */
  void expireAfter(Duration life) {
    expiry = vertx.setTimer(Math.max(1, life.toMillis()), timer -> close(Farewell.TOKEN_EXPIRED));
  }

  /** Once, when it is closed or is about to be: nothing more can be sent. */
  void whenLeft(Runnable action) {
    left.add(action);
  }

  /** Each time that a client who had stopped reading reads again. */
  void whenRead(Runnable action) {
    socket.drainHandler(
        drained -> {
          vertx.cancelTimer(patience);
          full = false;
          action.run();
        });
  }

  /** Whether something can be sent: it is open, and its client reads. */
  boolean isListening() {
    return !gone && !full;
  }

  /** Sends a text message, even to a client who does not read; nothing once it is gone. */
  void send(String message) {
    if (canBeSent()) {
      socket.writeTextMessage(message);
      mindQueue();
    }
  }

  /**
   * The same for what is sent to many sockets alike. Past Vert.x's encoder, which would make each
   * socket's bytes anew, and through the same queue.
   *
   * @param frames of {@link TextFrames}; empty for what does not show
   */
  void send(byte[] frames) {
    if (frames.length > 0 && canBeSent()) {
      wire.writeToChannel(Unpooled.wrappedBuffer(frames));
      mindQueue();
    }
  }

  private boolean canBeSent() {
    return !gone && !socket.isClosed();
  }

  private void ping() {
    if (!socket.isClosed()) {
      socket.writePing(Buffer.buffer());
      mindQueue();
    }
  }

  private void mindQueue() {
    if (!full && socket.writeQueueFull()) {
      full = true;
      patience =
          vertx.setTimer(SLOW_MILLIS, timer -> close(Farewell.TOO_SLOW, SLOW_GOODBYE_MILLIS));
    }
  }

  /** Says goodbye; completes when it is closed. */
  Future<Void> close(Farewell reason) {
    return close(reason, GOODBYE_MILLIS);
  }

  private Future<Void> close(Farewell reason, int mostMillis) {
    if (!gone) {
      count.cut(reason);
    }
    leave();
    long goodbye = vertx.setTimer(mostMillis, timer -> cutOff());
    return socket.close(reason.code()).onComplete(closed -> vertx.cancelTimer(goodbye));
  }

  /** Says goodbye to all of them, so that they come back to another replica at once. */
  static Future<Void> closeAll(Collection<FeedSocket> sockets) {
    return Future.join(sockets.stream().map(each -> each.close(Farewell.GOING_AWAY)).toList())
        .timeout(STOP_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(late -> sockets.forEach(FeedSocket::cutOff))
        .otherwiseEmpty()
        .mapEmpty();
  }

  /**
   * Vert.x waits until a close frame is written: for ever, when the client does not read. So this
   * goes past Vert.x, to Netty.
   */
  private void cutOff() {
    pipeline().firstContext().close();
  }

  private ChannelPipeline pipeline() {
    return connection.channelHandlerContext().pipeline();
  }

  private void leave() {
    if (!gone) {
      gone = true;
      vertx.cancelTimer(pings);
      vertx.cancelTimer(patience);
      vertx.cancelTimer(expiry);
      left.forEach(Runnable::run);
    }
  }
}
