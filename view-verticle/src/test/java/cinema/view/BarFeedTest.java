package cinema.view;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Event;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.FeedMessage.AlarmChanged;
import cinema.shared.contract.FeedMessage.OrderChanged;
import cinema.shared.contract.FeedMessage.Removed;
import cinema.shared.contract.FeedMessage.Snapshot;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.Told;
import cinema.shared.service.Caller;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BarFeedTest extends ViewTest {
  private static EventPublisher publisher;

  private final String bar = "bar-" + UUID.randomUUID();
  private final String staff = view.bench.staffToken(bar);

  @BeforeAll
  static void connect() {
    publisher = new EventPublisher(view.bench.vertx(), view.bench.settings());
  }

  @AfterAll
  static void disconnect() {
    await(publisher.close());
  }

  @Test
  void the_board_comes_first_and_then_what_happens_with_the_next_number() {
    OrderPlaced shown = Orders.placed(bar);
    view.follow(shown);
    Feed<FeedMessage> feed = open();

    Snapshot snapshot = feed.nextSnapshot();
    assertThat(snapshot.seq()).isEqualTo(1);
    assertThat(snapshot.orders()).containsExactly(Orders.shown(shown, OrderStatus.PLACED));

    OrderPlaced order = Orders.placed(bar);
    AlarmEvent alarm = Orders.alarm(order);
    publish(Topic.ORDERS, order);
    assertThat(feed.next()).isEqualTo(new OrderChanged(2, Orders.shown(order, OrderStatus.PLACED)));
    publish(Topic.ALARMS, alarm);
    assertThat(feed.next()).isEqualTo(new AlarmChanged(3, alarm.alarm()));
    publish(Topic.ORDER_REQUESTS, Orders.started(order));
    assertThat(feed.next())
        .isEqualTo(new OrderChanged(4, Orders.shown(order, OrderStatus.PREPARING)));
    publish(Topic.ORDERS, Orders.cancelled(shown));
    assertThat(feed.next()).isEqualTo(new Removed(5, shown.orderId(), OrderStatus.CANCELLED));
    feed.leave();
  }

  @Test
  void who_comes_back_gets_exactly_what_was_missed() {
    OrderPlaced order = Orders.placed(bar);
    Feed<FeedMessage> feed = open();
    String epoch = feed.nextSnapshot().epoch();
    view.follow(order);
    assertThat(feed.next().seq()).isEqualTo(1);
    feed.leave();
    view.follow(Orders.started(order));
    view.follow(Orders.ready(order));

    Feed<FeedMessage> again = open("?epoch=" + epoch + "&since=1");

    // What is told late is told as it is by now.
    OrderChanged missed = new OrderChanged(2, Orders.shown(order, OrderStatus.READY));
    assertThat(again.next()).isEqualTo(missed);
    assertThat(again.next()).isEqualTo(new OrderChanged(3, missed.order()));
    view.follow(Orders.handedOver(order));
    assertThat(again.next()).isEqualTo(new Removed(4, order.orderId(), OrderStatus.HANDED_OVER));
    again.leave();
  }

  @Test
  void who_comes_back_and_missed_nothing_gets_nothing_until_something_happens() {
    Feed<FeedMessage> feed = open();
    String epoch = feed.nextSnapshot().epoch();
    feed.leave();

    Feed<FeedMessage> again = open("?epoch=" + epoch + "&since=0");
    OrderPlaced order = Orders.placed(bar);
    view.follow(order);

    assertThat(again.next())
        .isEqualTo(new OrderChanged(1, Orders.shown(order, OrderStatus.PLACED)));
    again.leave();
  }

  @Test
  void who_missed_more_than_can_be_told_gets_the_board() {
    view.follow(Orders.placed(bar));
    view.follow(Orders.placed(bar));
    view.follow(Orders.placed(bar));
    Feed<FeedMessage> feed = open();
    Snapshot now = feed.nextSnapshot();
    feed.leave();
    await(view.feeds.prune(1));

    for (String since :
        List.of(
            "?epoch=another&since=3",
            "?epoch=" + now.epoch() + "&since=1",
            "?epoch=" + now.epoch() + "&since=4",
            "?epoch=" + now.epoch() + "&since=yesterday",
            "?epoch=" + now.epoch(),
            "?since=2")) {
      Feed<FeedMessage> again = open(since);
      assertThat(again.next()).as(since).isEqualTo(now);
      again.leave();
    }
  }

  @Test
  void a_message_that_never_reached_this_replica_reaches_its_sockets() {
    Feed<FeedMessage> feed = open();
    feed.nextSnapshot();
    OrderPlaced order = Orders.placed(bar);

    // Stored by a replica that died before it could send it on.
    await(view.store.apply(Orders.changes(List.of(order)), List.of(), Map.of()));

    assertThat(feed.next()).isEqualTo(new OrderChanged(1, Orders.shown(order, OrderStatus.PLACED)));
    feed.leave();
  }

  @Test
  void what_another_replica_sends_on_comes_at_once() {
    Feed<FeedMessage> feed = open();
    Snapshot snapshot = feed.nextSnapshot();
    Order order = Orders.shown(Orders.placed(bar), OrderStatus.PLACED);
    long next = snapshot.seq() + 1;

    // By the event bus alone: it is not in the store.
    News.Change change = News.Change.of(next, order, null);
    view.fanOut.send(new News(bar, snapshot.epoch(), next, List.of(change)));

    assertThat(feed.next()).isEqualTo(new OrderChanged(next, order));
    feed.leave();
  }

  @Test
  void messages_come_once_and_in_order_whatever_order_they_are_sent_on_in() {
    Feed<FeedMessage> feed = open();
    feed.nextSnapshot();
    List<News> news = new ArrayList<>();
    for (OrderPlaced order : Orders.placed(bar, 4)) {
      news.addAll(await(view.store.apply(Orders.changes(List.of(order)), List.of(), Map.of())));
    }

    view.fanOut.send(news.get(0));
    assertThat(feed.next().seq()).isEqualTo(1);
    view.fanOut.send(news.get(0));
    view.fanOut.send(news.get(3));
    view.fanOut.send(news.get(2));
    view.fanOut.send(news.get(1));

    assertThat(List.of(feed.next(), feed.next(), feed.next()))
        .extracting(FeedMessage::seq)
        .containsExactly(2L, 3L, 4L);
    view.follow(Orders.placed(bar));
    assertThat(feed.next().seq()).isEqualTo(5);
    feed.leave();
  }

  @Test
  void a_numbering_that_begins_anew_begins_with_the_board() {
    view.follow(Orders.placed(bar));
    view.follow(Orders.placed(bar));
    Feed<FeedMessage> feed = open();
    Snapshot before = feed.nextSnapshot();

    forgetNumbering();
    Snapshot after = await(view.feeds.snapshot(bar));

    assertThat(after.epoch()).isNotEqualTo(before.epoch());
    assertThat(feed.next()).isEqualTo(after);
    view.follow(Orders.placed(bar));
    assertThat(feed.next().seq()).isEqualTo(1);
    feed.leave();
  }

  @Test
  void a_feed_ends_when_the_token_behind_it_expires() {
    Instant soon = Instant.now().plusMillis(100);
    Caller caller = new Caller("staff", Caller.Role.STAFF, Set.of(bar), soon);
    String ticket = UUID.randomUUID().toString();
    await(view.tickets.keep(ticket, caller, Instant.now().plusSeconds(30)));

    Feed<FeedMessage> feed = view.open("/feed/bars/" + bar + "?ticket=" + ticket, null);

    assertThat(feed.closeCode()).isEqualTo(4401);
  }

  @Test
  void a_view_that_goes_away_says_so_and_waits_for_nobody_who_does_not_read() {
    try (RunningView leaving = new RunningView(Bench.withKafka("view"))) {
      String uri = "/feed/bars/" + bar;
      Feed<FeedMessage> feed = leaving.open(uri, leaving.bench.staffToken(bar));
      feed.nextSnapshot();
      NetSocket unread = leaving.openUnread(uri, leaving.bench.staffToken(bar));
      leaving.follow(largeOrders(bar, 100));

      leaving.undeploy();

      assertThat(feed.closeCode()).isEqualTo(1012);
      unread.close();
    }
  }

  @Test
  void a_client_that_stops_reading_is_cut_off() {
    NetSocket client = view.openUnread("/feed/bars/" + bar, staff);
    Promise<Void> closed = Promise.promise();
    client.closeHandler(closed::tryComplete);
    client.exceptionHandler(closed::tryFail);
    view.follow(largeOrders(bar, 100));
    Buffer ping = Buffer.buffer(new byte[] {(byte) 0x89, (byte) 0x80, 1, 2, 3, 4});

    // Who does not read finds out by writing that the connection is gone.
    eventually(
        "the client that does not read is cut off",
        () -> {
          client.write(ping);
          return closed.future().isComplete();
        });
  }

  @Test
  void a_client_that_does_not_read_for_a_moment_is_kept_and_misses_nothing() {
    // On a slow machine a moment may be too long.
    eventually("a client is kept that did not read for a moment", this::isKeptThroughAPause);
  }

  private boolean isKeptThroughAPause() {
    String itsBar = "bar-" + UUID.randomUUID();
    Feed<FeedMessage> feed = view.open("/feed/bars/" + itsBar, view.bench.staffToken(itsBar));
    feed.nextSnapshot();
    feed.pause();
    for (int i = 0; i < 11; i++) {
      view.follow(largeOrders(itsBar, 5));
    }
    feed.resume();
    for (long seq = 1; seq <= 55; seq++) {
      eventually("a message, or the end", () -> feed.hasMore() || feed.isClosed());
      if (!feed.hasMore()) {
        return false;
      }
      assertThat(feed.next().seq()).isEqualTo(seq);
    }
    feed.leave();
    return true;
  }

  @Test
  void a_board_of_many_frames_arrives_whole() {
    view.follow(largeOrders(bar, 10));
    Feed<FeedMessage> feed = open();

    assertThat(feed.nextSnapshot()).isEqualTo(await(view.feeds.snapshot(bar)));
    feed.leave();
  }

  private Feed<FeedMessage> open() {
    return open("");
  }

  private Feed<FeedMessage> open(String query) {
    return view.open("/feed/bars/" + bar + query, staff);
  }

  private static <E extends Event> void publish(Topic<E> topic, E event) {
    await(publisher.send(topic, List.of(new Told<>(event, Trace.begin()))));
  }

  /** Larger than what a phone would send, so that few of them fill every buffer on the way. */
  private static List<OrderPlaced> largeOrders(String barId, int many) {
    String note = "x".repeat(100_000);
    return Stream.generate(() -> Orders.placed(barId, UUID.randomUUID(), note))
        .limit(many)
        .toList();
  }

  private void forgetNumbering() {
    for (String table : List.of("feed", "feed_log")) {
      await(view.database.execute("DELETE FROM " + table + " WHERE bar_id = $1", Tuple.of(bar)));
    }
  }
}
