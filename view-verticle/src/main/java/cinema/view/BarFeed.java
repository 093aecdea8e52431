package cinema.view;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live feeds of bars: each socket gets its bar's messages with no number left out. What a
 * socket missed, for whatever reason, is read from the store; what cannot be read any more is
 * replaced by a snapshot.
 */
final class BarFeed {
  private static final Logger LOG = LoggerFactory.getLogger(BarFeed.class);

  /** WebSocket close codes: RFC 6455 §7.4.1 and its registry; 4000 and up are our own. */
  private static final short GOING_AWAY = 1012;

  private static final short TOO_SLOW = 1013;
  private static final short TOKEN_EXPIRED = 4401;

  private static final int CHECK_MILLIS = 1000;
  private static final int PING_MILLIS = 15_000;
  private static final int SLOW_MILLIS = 1000;
  private static final int GOODBYE_MILLIS = 5000;
  private static final int STOP_MILLIS = 1000;
  private static final int PRUNE_MILLIS = 60_000;
  private static final int KEPT_MESSAGES = 10_000;
  private static final int CATCH_UP = 500;

  private static final class Room {
    final Set<Seat> seats = new HashSet<>();
    String epoch = "";
    long seq = -1;

    void reached(String epoch, long seq) {
      this.seq = epoch.equals(this.epoch) ? Math.max(this.seq, seq) : seq;
      this.epoch = epoch;
    }
  }

  private static final class Seat {
    final ServerWebSocket socket;
    final HttpConnection connection;
    final String barId;
    final Screen screen;
    String epoch;
    long seq;
    boolean catchingUp;
    boolean full;
    boolean left;
    long patience = -1;
    long expiry = -1;

    Seat(
        ServerWebSocket socket,
        HttpConnection connection,
        String barId,
        Screen screen,
        String epoch,
        long seq) {
      this.socket = socket;
      this.connection = connection;
      this.barId = barId;
      this.screen = screen;
      this.epoch = epoch;
      this.seq = seq;
    }
  }

  private final Vertx vertx;
  private final FeedStore store;
  private final Clock clock;
  private final Map<String, Room> rooms = new HashMap<>();

  BarFeed(Vertx vertx, FeedStore store, Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.clock = clock;
  }

  void start() {
    vertx.setPeriodic(CHECK_MILLIS, timer -> check());
    vertx.setPeriodic(PING_MILLIS, timer -> ping());
    vertx.setPeriodic(
        PRUNE_MILLIS,
        timer ->
            store
                .prune(KEPT_MESSAGES)
                .onFailure(failure -> LOG.warn("feed log not pruned: {}", failure.getMessage())));
  }

  /** Says goodbye to everybody, so that they come back to another replica at once. */
  Future<Void> stop() {
    List<Seat> all = rooms.values().stream().flatMap(room -> room.seats.stream()).toList();
    return Future.join(all.stream().map(seat -> close(seat, GOING_AWAY)).toList())
        .timeout(STOP_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(late -> all.forEach(BarFeed::cutOff))
        .otherwiseEmpty()
        .mapEmpty();
  }

  /**
   * Begins a feed.
   *
   * @param connection that became the socket
   * @param epoch of the last message that the client has seen; empty for none
   * @param since the number of that message; negative for none
   * @param expires when it is closed; null for never
   */
  void open(
      ServerWebSocket socket,
      HttpConnection connection,
      String barId,
      Screen screen,
      String epoch,
      long since,
      Instant expires) {
    Seat seat = new Seat(socket, connection, barId, screen, epoch, since);
    if (expires != null) {
      long left = Duration.between(clock.instant(), expires).toMillis();
      seat.expiry = vertx.setTimer(Math.max(1, left), timer -> close(seat, TOKEN_EXPIRED));
    }
    socket.closeHandler(
        closed -> {
          vertx.cancelTimer(seat.expiry);
          leave(seat);
        });
    socket.exceptionHandler(failure -> LOG.debug("feed of {}: {}", barId, failure.toString()));
    socket.drainHandler(drained -> goOn(seat));
    rooms.computeIfAbsent(barId, id -> new Room()).seats.add(seat);
    catchUp(seat);
  }

  /** Takes a socket off the feed; completes when it is closed. */
  private Future<Void> close(Seat seat, short code) {
    leave(seat);
    long goodbye = vertx.setTimer(GOODBYE_MILLIS, timer -> cutOff(seat));
    return seat.socket.close(code).onComplete(closed -> vertx.cancelTimer(goodbye));
  }

  /**
   * Vert.x waits until a close frame is written: for ever, when the client does not read. So this
   * goes past Vert.x, to Netty.
   */
  private static void cutOff(Seat seat) {
    HttpServerConnection connection = (HttpServerConnection) seat.connection;
    connection.channelHandlerContext().channel().pipeline().firstContext().close();
  }

  private void leave(Seat seat) {
    seat.left = true;
    vertx.cancelTimer(seat.patience);
    Room room = rooms.get(seat.barId);
    if (room != null && room.seats.remove(seat) && room.seats.isEmpty()) {
      rooms.remove(seat.barId);
    }
  }

  /** News from the replica that stored it. */
  void on(News news) {
    Room room = rooms.get(news.barId());
    if (room == null) {
      return;
    }
    room.reached(news.epoch(), news.last());
    for (Seat seat : List.copyOf(room.seats)) {
      pass(seat, news);
    }
  }

  private void pass(Seat seat, News news) {
    if (seat.catchingUp || seat.full) {
      return;
    }
    if (!seat.epoch.equals(news.epoch()) || news.first() > seat.seq + 1) {
      catchUp(seat);
      return;
    }
    for (long seq = seat.seq + 1; seq <= news.last() && !seat.full; seq++) {
      send(seat, seat.screen.frame(news.frames().get((int) (seq - news.first()))));
      seat.seq = seq;
    }
  }

  /** Reads what a socket missed, again and again until nothing is missing. */
  private void catchUp(Seat seat) {
    if (seat.catchingUp || seat.full || seat.left) {
      return;
    }
    seat.catchingUp = true;
    missed(seat)
        .onSuccess(
            more -> {
              seat.catchingUp = false;
              if (more || behind(seat)) {
                catchUp(seat);
              }
            })
        .onFailure(
            failure -> {
              LOG.warn("feed of {} cannot catch up: {}", seat.barId, failure.toString());
              seat.catchingUp = false;
              close(seat, TOO_SLOW);
            });
  }

  private boolean behind(Seat seat) {
    Room room = rooms.get(seat.barId);
    return room != null && room.epoch.equals(seat.epoch) && room.seq > seat.seq;
  }

  /** Sends what a socket missed; completes with whether there may be more. */
  private Future<Boolean> missed(Seat seat) {
    if (seat.seq < 0) {
      return snapshot(seat);
    }
    return store
        .since(seat.barId, seat.epoch, seat.seq, CATCH_UP)
        .compose(
            news -> {
              if (news == null) {
                return snapshot(seat);
              }
              news.frames().forEach(frames -> send(seat, seat.screen.frame(frames)));
              seat.seq = news.last();
              return Future.succeededFuture(news.frames().size() == CATCH_UP);
            });
  }

  private Future<Boolean> snapshot(Seat seat) {
    // Whoever asks for a bar that does not exist leaves nothing behind.
    return (seat.screen == Screen.BOARD ? store.snapshot(seat.barId) : store.look(seat.barId))
        .map(
            snapshot -> {
              send(seat, seat.screen.frame(snapshot));
              seat.epoch = snapshot.epoch();
              seat.seq = snapshot.seq();
              return false;
            });
  }

  /**
   * @param frame null for what does not show
   */
  private void send(Seat seat, String frame) {
    if (frame != null && !seat.left && !seat.socket.isClosed()) {
      seat.socket.writeTextMessage(frame);
      mindQueue(seat);
    }
  }

  /** A client that does not read gets nothing more until it does, and has a second for that. */
  private void mindQueue(Seat seat) {
    if (seat.full || !seat.socket.writeQueueFull()) {
      return;
    }
    seat.full = true;
    seat.patience = vertx.setTimer(SLOW_MILLIS, timer -> close(seat, TOO_SLOW));
  }

  /** The client reads again: what it was not sent meanwhile is in the store. */
  private void goOn(Seat seat) {
    vertx.cancelTimer(seat.patience);
    seat.full = false;
    catchUp(seat);
  }

  /** Finds news that never reached this replica. */
  private void check() {
    if (rooms.isEmpty()) {
      return;
    }
    store
        .numbers(rooms.keySet())
        .onSuccess(
            numbers ->
                numbers.forEach(
                    (barId, number) -> {
                      Room room = rooms.get(barId);
                      if (room != null) {
                        room.reached(number.epoch(), number.seq());
                        List.copyOf(room.seats).stream()
                            .filter(seat -> behind(seat) || !seat.epoch.equals(number.epoch()))
                            .forEach(this::catchUp);
                      }
                    }))
        .onFailure(failure -> LOG.debug("feeds not checked: {}", failure.toString()));
  }

  private void ping() {
    rooms.values().forEach(room -> room.seats.forEach(this::ping));
  }

  private void ping(Seat seat) {
    if (!seat.socket.isClosed()) {
      seat.socket.writePing(Buffer.buffer());
      mindQueue(seat);
    }
  }
}
