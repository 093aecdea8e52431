package cinema.view;

import cinema.shared.contract.MyOrdersMessage;
import cinema.shared.contract.Wire;
import cinema.view.FeedStore.Number;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live feeds of customers: everything of theirs first, then each change. Their orders are few,
 * so whoever may have missed something, for whatever reason, is told everything again.
 */
final class MyOrdersFeed {
  private static final Logger LOG = LoggerFactory.getLogger(MyOrdersFeed.class);

  private static final int CHECK_MILLIS = 1000;
  private static final int SHOWN = 20;

  /** Of all sockets together: when everybody comes back at once, they are served in turn. */
  private static final int READS_AT_ONCE = 4;

  private static final class Seat {
    final FeedSocket socket;
    final UUID customerId;

    /** Whether everything is to be told, once more if that is being done. */
    boolean stale;

    /** Whether everything is about to be told, or being read for it. */
    boolean queued;

    Seat(FeedSocket socket, UUID customerId) {
      this.socket = socket;
      this.customerId = customerId;
    }
  }

  private final Vertx vertx;
  private final ViewStore store;
  private final FeedStore feeds;
  private final Map<UUID, Set<Seat>> seats = new HashMap<>();
  private final Queue<Seat> queue = new ArrayDeque<>();
  private int reading;

  /** How far news of each bar has come to this replica. */
  private final Map<String, Number> heard = new HashMap<>();

  /** How far each bar was when the store was last asked. */
  private Map<String, Number> stored = Map.of();

  MyOrdersFeed(Vertx vertx, ViewStore store, FeedStore feeds) {
    this.vertx = vertx;
    this.store = store;
    this.feeds = feeds;
  }

  void start() {
    vertx.setPeriodic(CHECK_MILLIS, timer -> check());
  }

  Future<Void> stop() {
    return FeedSocket.closeAll(everybody().stream().map(seat -> seat.socket).toList());
  }

  void open(FeedSocket socket, UUID customerId) {
    Seat seat = new Seat(socket, customerId);
    socket.whenLeft(() -> leave(seat));
    socket.whenRead(() -> tellAll(seat));
    seats.computeIfAbsent(customerId, id -> new HashSet<>()).add(seat);
    tellAll(seat);
  }

  private void leave(Seat seat) {
    Set<Seat> others = seats.get(seat.customerId);
    if (others != null && others.remove(seat) && others.isEmpty()) {
      seats.remove(seat.customerId);
    }
  }

  private List<Seat> everybody() {
    List<Seat> all = new ArrayList<>();
    seats.values().forEach(all::addAll);
    return all;
  }

  /** News from the replica that stored it. */
  void on(News news) {
    Number before = heard.get(news.barId());
    Number now = new Number(news.epoch(), news.last());
    heard.put(news.barId(), before != null && before.hasReached(now) ? before : now);
    if (before != null && !before.isFollowedBy(news)) {
      everybody().forEach(this::tellAll);
      return;
    }
    for (News.Change change : news.changes()) {
      // An alarm is nobody's order.
      Set<Seat> theirs = change.customerId() == null ? null : seats.get(change.customerId());
      if (theirs != null) {
        MyOrdersMessage changed = new MyOrdersMessage.Changed(change.order());
        String frame = Wire.encode(changed);
        List.copyOf(theirs).forEach(seat -> tell(seat, frame));
        change.sentTo(theirs.size(), "my-orders");
      }
    }
  }

  private void tell(Seat seat, String frame) {
    if (seat.queued || !seat.socket.isListening()) {
      tellAll(seat); // what is being read may be older than this
    } else {
      seat.socket.send(frame);
    }
  }

  private void tellAll(Seat seat) {
    seat.stale = true;
    if (!seat.queued && seat.socket.isListening()) {
      seat.queued = true;
      queue.add(seat);
      readNext();
    }
  }

  private void readNext() {
    while (reading < READS_AT_ONCE && !queue.isEmpty()) {
      Seat seat = queue.poll();
      if (!seat.socket.isListening()) {
        seat.queued = false; // gone meanwhile, or told once it reads again
        continue;
      }
      reading++;
      seat.stale = false;
      store
          .ofCustomer(seat.customerId, null, SHOWN)
          .onSuccess(
              page ->
                  seat.socket.send(
                      Wire.encode((MyOrdersMessage) new MyOrdersMessage.Snapshot(page.orders()))))
          .onFailure(
              failure -> {
                LOG.warn("a customer's feed cannot be told: {}", failure.toString());
                seat.socket.close(Farewell.CANNOT_CATCH_UP);
              })
          .onComplete(
              told -> {
                reading--;
                seat.queued = false;
                if (seat.stale) {
                  tellAll(seat);
                }
                readNext();
              });
    }
  }

  /** Finds news that never reached this replica: what was stored a second ago has come by now. */
  private void check() {
    if (seats.isEmpty()) {
      return;
    }
    feeds
        .numbers()
        .onSuccess(
            now -> {
              boolean missed = false;
              for (Map.Entry<String, Number> bar : stored.entrySet()) {
                Number here = heard.get(bar.getKey());
                if (here == null || !here.hasReached(bar.getValue())) {
                  heard.put(bar.getKey(), bar.getValue());
                  missed = true;
                }
              }
              stored = now;
              if (missed) {
                everybody().forEach(this::tellAll);
              }
            })
        .onFailure(failure -> LOG.debug("customers' feeds not checked: {}", failure.toString()));
  }
}
