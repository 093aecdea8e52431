package cinema.view;

import static cinema.shared.testing.Bench.await;
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
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What boards are told, and by which numbers. */
class NewsTest extends ViewStoreBench {
  private static final List<Function<OrderPlaced, Event>> STEPS =
      List.of(
          Orders::cancelled,
          Orders::forgotten,
          Orders::requestCancelled,
          order -> Orders.rejected(order, "Sold out"),
          Orders::started,
          Orders::ready,
          Orders::handedOver,
          Orders::handOverUndone);

  @Test
  void repeated_events_change_nothing_and_tell_nothing() {
    OrderPlaced order = Orders.placed(bar);
    apply(order);
    apply(Orders.started(order));
    apply(Orders.ready(order));
    long numbered = number().seq();

    assertThat(apply(order)).isEmpty();
    assertThat(apply(Orders.started(order))).isEmpty();
    assertThat(apply(order, Orders.started(order), Orders.ready(order))).isEmpty();
    assertThat(number().seq()).isEqualTo(numbered);
    assertThat(board()).containsExactly(Orders.shown(order, OrderStatus.READY));
  }

  @Test
  void what_boards_are_told_of_is_read() {
    for (Function<OrderPlaced, Event> step : STEPS) {
      OrderPlaced order = Orders.placed(bar);
      apply(order);
      Event stepped = step.apply(order);

      assertThat(apply(stepped)).describedAs(stepped.type()).hasSize(1);
      assertThat(FollowOrders.UNHEEDED).doesNotContain(stepped.getClass());
    }
  }

  @Test
  void an_order_whose_details_have_not_come_is_neither_shown_nor_told() {
    OrderPlaced order = Orders.placed(bar);

    assertThat(apply(Orders.started(order))).isEmpty();
    assertThat(board()).isEmpty();
    assertThat(history()).isEmpty();
    assertThat(await(feeds.snapshot(bar)).orders()).isEmpty();

    assertThat(apply(order))
        .containsExactly(new OrderChanged(1, Orders.shown(order, OrderStatus.PREPARING)));
  }

  @Test
  void every_message_has_its_bars_next_number() {
    OrderPlaced first = Orders.placed(bar);
    OrderPlaced second = Orders.placed(bar);
    OrderPlaced elsewhere = Orders.placed(bar + "-2");
    AlarmEvent alarm = Orders.alarm(first);

    List<News> news =
        await(
            store.apply(
                Orders.changes(List.of(first, elsewhere, second)), List.of(alarm), Map.of()));

    assertThat(news).extracting(News::barId).containsExactly(bar, bar + "-2");
    assertThat(messages(news.getFirst())).extracting(FeedMessage::seq).containsExactly(1L, 2L, 3L);
    assertThat(messages(news.getFirst()).getLast()).isEqualTo(new AlarmChanged(3, alarm.alarm()));
    assertThat(messages(news.getLast())).extracting(FeedMessage::seq).containsExactly(1L);
    assertThat(apply(Orders.started(second)))
        .containsExactly(new OrderChanged(4, Orders.shown(second, OrderStatus.PREPARING)));
  }

  @Test
  void two_replicas_that_write_at_once_leave_no_number_out_and_use_none_twice() {
    List<Future<List<News>>> writing = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      List<OrderPlaced> orders = Orders.placed(bar, 60);
      List<OrderChange> changes = Orders.changes(orders);
      writing.add(store.apply(changes, List.of(Orders.alarm(orders.getFirst())), Map.of()));
      // The same orders once more, as when Kafka shares the partitions out anew.
      writing.add(anotherReplica.apply(changes.reversed(), List.of(), Map.of()));
    }
    await(Future.all(writing));

    List<Long> told =
        writing.stream()
            .flatMap(written -> written.result().stream())
            .flatMap(news -> messages(news).stream())
            .map(FeedMessage::seq)
            .sorted()
            .toList();
    List<Long> all = LongStream.rangeClosed(1, 610).boxed().toList();
    assertThat(told).isEqualTo(all);
    assertThat(messages(await(feeds.since(bar, number().epoch(), 0, 1000))))
        .extracting(FeedMessage::seq)
        .isEqualTo(all);
  }

  @Test
  void an_order_that_is_no_longer_open_is_told_as_removed() {
    OrderPlaced cancelled = Orders.placed(bar);
    OrderPlaced rejected = Orders.placed(bar);
    OrderPlaced handedOver = Orders.placed(bar);
    apply(cancelled, rejected, handedOver);

    assertThat(apply(Orders.cancelled(cancelled)))
        .containsExactly(new Removed(4, cancelled.orderId(), OrderStatus.CANCELLED));
    assertThat(apply(Orders.rejected(rejected, "Sold out")))
        .containsExactly(new Removed(5, rejected.orderId(), OrderStatus.REJECTED));
    assertThat(apply(Orders.handedOver(handedOver)))
        .containsExactly(new Removed(6, handedOver.orderId(), OrderStatus.HANDED_OVER));

    assertThat(board()).isEmpty();
    assertThat(await(feeds.snapshot(bar)).orders()).isEmpty();
    assertThat(history()).contains(Orders.shown(rejected, OrderStatus.REJECTED, "Sold out"));
  }

  @Test
  void a_cancel_that_two_services_tell_of_is_news_once() {
    OrderPlaced order = Orders.placed(bar);
    OrderPlaced another = Orders.placed(bar);
    apply(order, another);

    assertThat(apply(Orders.requestCancelled(order))).hasSize(1);
    assertThat(apply(Orders.cancelled(order))).isEmpty();
    assertThat(apply(Orders.cancelled(another))).hasSize(1);
    assertThat(apply(Orders.requestCancelled(another))).isEmpty();
    assertThat(history())
        .containsExactlyInAnyOrder(
            Orders.shown(order, OrderStatus.CANCELLED),
            Orders.shown(another, OrderStatus.CANCELLED));
  }

  @Test
  void a_hand_over_that_was_undone_brings_the_order_back() {
    OrderPlaced order = Orders.placed(bar);
    apply(order, Orders.handedOver(order));

    assertThat(apply(Orders.handOverUndone(order)))
        .containsExactly(new OrderChanged(2, Orders.shown(order, OrderStatus.READY)));
    assertThat(board()).containsExactly(Orders.shown(order, OrderStatus.READY));
  }

  @Test
  void who_missed_something_is_told_exactly_that() {
    OrderPlaced first = Orders.placed(bar);
    OrderPlaced second = Orders.placed(bar);
    apply(first);
    String epoch = number().epoch();
    apply(second);
    AlarmEvent alarm = Orders.alarm(second);
    await(store.apply(List.of(), List.of(alarm), Map.of()));
    apply(Orders.cancelled(first));

    assertThat(since(epoch, 1))
        .containsExactly(
            new OrderChanged(2, Orders.shown(second, OrderStatus.PLACED)),
            new AlarmChanged(3, alarm.alarm()),
            new Removed(4, first.orderId(), OrderStatus.CANCELLED));
    assertThat(messages(await(feeds.since(bar, epoch, 1, 2))))
        .extracting(FeedMessage::seq)
        .containsExactly(2L, 3L);
    assertThat(since(epoch, 4)).isEmpty();
  }

  @Test
  void what_came_together_is_told_one_by_one_to_whoever_has_a_part_of_it() {
    List<OrderPlaced> orders = Orders.placed(bar, 3);
    AlarmEvent[] alarms = orders.stream().map(Orders::alarm).toArray(AlarmEvent[]::new);

    List<FeedMessage> live = apply(orders, alarms);

    assertThat(live).extracting(FeedMessage::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(live.subList(3, 6))
        .containsExactly(
            new AlarmChanged(4, alarms[0].alarm()),
            new AlarmChanged(5, alarms[1].alarm()),
            new AlarmChanged(6, alarms[2].alarm()));
    String epoch = number().epoch();
    for (int known = 0; known <= live.size(); known++) {
      assertThat(since(epoch, known)).isEqualTo(live.subList(known, live.size()));
    }
  }

  @Test
  void nothing_is_told_when_it_would_have_a_gap() {
    apply(Orders.placed(bar));
    apply(Orders.placed(bar));
    apply(Orders.placed(bar));
    String epoch = number().epoch();

    assertThat(await(feeds.since(bar, "another epoch", 0, 500))).isNull();
    assertThat(await(feeds.since(bar, epoch, 4, 500))).isNull();

    await(feeds.prune(2));
    assertThat(await(feeds.since(bar, epoch, 0, 500))).isNull();
    assertThat(since(epoch, 1)).extracting(FeedMessage::seq).containsExactly(2L, 3L);
  }

  @Test
  void a_bar_that_nobody_has_ordered_from_has_an_empty_board_with_a_numbering() {
    Snapshot snapshot = await(feeds.snapshot(bar));

    assertThat(snapshot.epoch()).isNotEmpty();
    assertThat(snapshot).isEqualTo(new Snapshot(snapshot.epoch(), 0, List.of(), null));
    assertThat(await(feeds.snapshot(bar))).isEqualTo(snapshot);
    apply(Orders.placed(bar));
    assertThat(number()).isEqualTo(new FeedStore.Number(snapshot.epoch(), 1));
  }

  @Test
  void a_board_that_nobody_clears_is_shown_in_part_the_oldest_first_and_says_so() {
    List<OrderPlaced> placed = Orders.placed(bar, FeedStore.MOST_SHOWN);
    await(store.apply(Orders.changes(placed), List.of(), Map.of()));
    assertThat(await(feeds.snapshot(bar)).more()).isNull();

    apply(Orders.placed(bar), Orders.placed(bar));

    Snapshot snapshot = await(feeds.snapshot(bar));
    assertThat(snapshot.more()).isTrue();
    assertThat(snapshot.seq()).isEqualTo(FeedStore.MOST_SHOWN + 2);
    assertThat(snapshot.orders())
        .extracting(Order::orderId)
        .containsExactlyElementsOf(placed.stream().map(OrderPlaced::orderId).sorted().toList());
  }

  @Test
  void a_snapshots_number_and_orders_are_of_one_moment() {
    await(feeds.snapshot(bar));
    Future<?> writing = writeOneAfterAnother(60);

    // With one new order a message, the number of the last message is how many there are.
    do {
      Snapshot snapshot = await(feedsOfAnother.snapshot(bar));
      assertThat(snapshot.orders()).hasSize((int) snapshot.seq());
    } while (!writing.isComplete());
    await(writing);
  }
}
