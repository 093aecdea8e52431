package cinema.view;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live feeds of bars: each socket gets its bar's messages with no number left out. What a
 * socket missed, for whatever reason, is read from the store; what cannot be read any more is
 * replaced by a snapshot.
 */
final class BarFeed {
  private static final Logger LOG = LoggerFactory.getLogger(BarFeed.class);

  private static final int CHECK_MILLIS = 1000;
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
    final FeedSocket socket;
    final String barId;
    final Screen screen;
    String epoch;
    long seq;
    boolean catchingUp;

    Seat(FeedSocket socket, String barId, Screen screen, String epoch, long seq) {
      this.socket = socket;
      this.barId = barId;
      this.screen = screen;
      this.epoch = epoch;
      this.seq = seq;
    }
  }

  /**
   * What a socket may have missed.
   *
   * @param since the number of the last message that it has; negative for none
   */
  private record Wanted(String barId, Screen screen, String epoch, long since) {}

  /**
   * What it missed, and where it is with that.
   *
   * @param more whether there may be more
   */
  private record Missed(byte[] frames, String epoch, long seq, boolean more) {}

  private final SharedReads<Wanted, Missed> reads = new SharedReads<>();
  private final Vertx vertx;
  private final FeedStore store;
  private final FeedCount count;
  private final Map<String, Room> rooms = new HashMap<>();
  private final NewsRounds rounds;

  /** Where the bars' numbering stood at the last check. */
  private Map<String, FeedStore.Number> checked = Map.of();

  BarFeed(Vertx vertx, FeedStore store, FeedCount count) {
    this.vertx = vertx;
    this.count = count;
    this.store = store;
    this.rounds =
        new NewsRounds(vertx, System::nanoTime, round -> News.joined(round).forEach(this::tell));
  }

  void start() {
    vertx.setPeriodic(CHECK_MILLIS, timer -> check());
    vertx.setPeriodic(
        PRUNE_MILLIS,
        timer ->
            store
                .prune(KEPT_MESSAGES)
                .onFailure(failure -> LOG.warn("feed log not pruned: {}", failure.getMessage())));
  }

  Future<Void> stop() {
    return FeedSocket.closeAll(
        rooms.values().stream()
            .flatMap(room -> room.seats.stream())
            .map(seat -> seat.socket)
            .toList());
  }

  /**
   * Begins a feed.
   *
   * @param epoch of the last message that the client has seen; empty for none
   * @param since the number of that message; negative for none
   */
  void open(FeedSocket socket, String barId, Screen screen, String epoch, long since) {
    Seat seat = new Seat(socket, barId, screen, epoch, since);
    socket.whenLeft(() -> leave(seat));
    socket.whenRead(() -> catchUp(seat));
    rooms.computeIfAbsent(barId, id -> new Room()).seats.add(seat);
    catchUp(seat);
  }

  private void leave(Seat seat) {
    Room room = rooms.get(seat.barId);
    if (room != null && room.seats.remove(seat) && room.seats.isEmpty()) {
      rooms.remove(seat.barId);
    }
  }

  /** News from the replica that stored it. */
  void on(News news) {
    if (rooms.containsKey(news.barId())) {
      rounds.add(news);
    }
  }

  private void tell(News news) {
    Room room = rooms.get(news.barId());
    if (room == null) {
      return;
    }
    room.reached(news.epoch(), news.last());
    Map<Screen, byte[]> whole = new EnumMap<>(Screen.class);
    int passed = 0;
    for (Seat seat : List.copyOf(room.seats)) {
      passed += pass(seat, news, whole) ? 1 : 0;
    }
    for (News.Change change : news.changes()) {
      change.sentTo(passed, "bar");
    }
    count.told(news.since());
  }

  /**
   * @param whole all of the news, as each screen is sent it
   * @return whether the seat has all of it now
   */
  private boolean pass(Seat seat, News news, Map<Screen, byte[]> whole) {
    if (seat.catchingUp || !seat.socket.isListening()) {
      return false;
    }
    if (!seat.epoch.equals(news.epoch()) || news.first() > seat.seq + 1) {
      catchUp(seat);
      return false;
    }
    if (news.first() == seat.seq + 1) {
      seat.socket.send(whole.computeIfAbsent(seat.screen, screen -> screen.frames(news.changes())));
    } else if (news.last() > seat.seq) {
      int known = (int) (seat.seq + 1 - news.first());
      seat.socket.send(seat.screen.frames(news.changes().subList(known, news.changes().size())));
    }
    seat.seq = Math.max(seat.seq, news.last());
    return true;
  }

  /** Reads what a socket missed, again and again until nothing is missing. */
  private void catchUp(Seat seat) {
    if (seat.catchingUp || !seat.socket.isListening()) {
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
              seat.socket.close(Farewell.CANNOT_CATCH_UP);
            });
  }

  private boolean behind(Seat seat) {
    Room room = rooms.get(seat.barId);
    return room != null && room.epoch.equals(seat.epoch) && room.seq > seat.seq;
  }

  /** Sends what a socket missed; completes with whether there may be more. */
  private Future<Boolean> missed(Seat seat) {
    Wanted wanted = new Wanted(seat.barId, seat.screen, seat.epoch, seat.seq);
    return reads
        .get(wanted, () -> read(wanted))
        .map(
            missed -> {
              seat.socket.send(missed.frames);
              seat.epoch = missed.epoch;
              seat.seq = missed.seq;
              return missed.more;
            });
  }

  private Future<Missed> read(Wanted wanted) {
    if (wanted.since < 0) {
      return snapshot(wanted);
    }
    return store
        .since(wanted.barId, wanted.epoch, wanted.since, CATCH_UP)
        .compose(
            news -> {
              if (news == null) {
                return snapshot(wanted);
              }
              byte[] frames = wanted.screen.frames(news.changes());
              boolean more = news.changes().size() == CATCH_UP;
              return Future.succeededFuture(new Missed(frames, wanted.epoch, news.last(), more));
            });
  }

  private Future<Missed> snapshot(Wanted wanted) {
    // Whoever asks for a bar that does not exist leaves nothing behind.
    return (wanted.screen == Screen.BOARD ? store.snapshot(wanted.barId) : store.look(wanted.barId))
        .map(
            snapshot ->
                new Missed(
                    wanted.screen.frames(snapshot), snapshot.epoch(), snapshot.seq(), false));
  }

  /**
   * Finds news that never reached this replica: what was numbered before the last check had the
   * time to come. What has been numbered since is most likely on its way.
   */
  private void check() {
    if (rooms.isEmpty()) {
      return;
    }
    store
        .numbers(rooms.keySet())
        .onSuccess(
            numbers -> {
              numbers.forEach((barId, number) -> check(barId, number, checked.get(barId)));
              checked = numbers;
            })
        .onFailure(failure -> LOG.debug("feeds not checked: {}", failure.toString()));
  }

  /**
   * @param before null when this is the bar's first check
   */
  private void check(String barId, FeedStore.Number number, FeedStore.Number before) {
    Room room = rooms.get(barId);
    if (room == null) {
      return;
    }
    if (before != null && before.epoch().equals(number.epoch())) {
      room.reached(before.epoch(), before.seq());
    }
    List.copyOf(room.seats).stream()
        .filter(seat -> behind(seat) || !seat.epoch.equals(number.epoch()))
        .forEach(this::catchUp);
  }
}
