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
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewStoreTest {
  private static Bench bench;
  private static Vertx anotherProcess;
  private static ViewStore store;
  private static ViewStore anotherReplica;

  private final String bar = "bar-" + UUID.randomUUID();

  @BeforeAll
  static void open() {
    bench = Bench.of("view");
    anotherProcess = Vertx.vertx();
    store = new ViewStore(bench.database("cinema/view/migrations"));
    anotherReplica =
        new ViewStore(
            await(Database.open(anotherProcess, bench.settings(), "cinema/view/migrations")));
  }

  @AfterAll
  static void close() {
    await(anotherProcess.close());
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void an_order_ends_ready_whatever_order_and_batches_its_events_come_in(String sequence) {
    List<OrderPlaced> orders = Orders.placed(bar, 4);
    for (int split = 0; split < orders.size(); split++) {
      OrderPlaced order = orders.get(split);
      applySplit(split, inOrder(sequence, order, Orders.started(order), Orders.ready(order)));
    }

    assertThat(board())
        .isEqualTo(orders.stream().map(each -> Orders.shown(each, OrderStatus.READY)).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void a_cancelled_order_ends_cancelled_whatever_order_and_batches_its_events_come_in(
      String sequence) {
    List<OrderPlaced> orders = Orders.placed(bar, 4);
    for (int split = 0; split < orders.size(); split++) {
      OrderPlaced order = orders.get(split);
      applySplit(
          split, inOrder(sequence, order, Orders.requestCancelled(order), Orders.cancelled(order)));
    }

    assertThat(board()).isEmpty();
    assertThat(history().reversed())
        .isEqualTo(orders.stream().map(each -> Orders.shown(each, OrderStatus.CANCELLED)).toList());
  }

  @Test
  void an_order_whose_cancel_came_first_stays_cancelled() {
    OrderPlaced order = Orders.placed(bar);
    apply(Orders.cancelled(order));
    apply(order);

    assertThat(history()).containsExactly(Orders.shown(order, OrderStatus.CANCELLED));
  }

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
  void an_order_whose_details_have_not_come_is_neither_shown_nor_told() {
    OrderPlaced order = Orders.placed(bar);

    assertThat(apply(Orders.started(order))).isEmpty();
    assertThat(board()).isEmpty();
    assertThat(history()).isEmpty();
    assertThat(await(store.snapshot(bar)).orders()).isEmpty();

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
        await(store.apply(Orders.changes(List.of(first, elsewhere, second)), List.of(alarm)));

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
      writing.add(store.apply(changes, List.of(Orders.alarm(orders.getFirst()))));
      // The same orders once more, as when Kafka shares the partitions out anew.
      writing.add(anotherReplica.apply(changes.reversed(), List.of()));
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
    assertThat(messages(await(store.since(bar, number().epoch(), 0, 1000))))
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
    assertThat(await(store.snapshot(bar)).orders()).isEmpty();
    assertThat(history()).contains(Orders.shown(rejected, OrderStatus.REJECTED, "Sold out"));
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
  void the_board_shows_the_bars_open_orders_oldest_first() {
    OrderPlaced first = Orders.placed(bar);
    OrderPlaced second = Orders.placed(bar);
    OrderPlaced third = Orders.placed(bar);
    OrderPlaced gone = Orders.placed(bar);
    apply(third, gone, Orders.handedOver(gone), first, Orders.ready(first));
    apply(Orders.placed(bar + "-2"), second, Orders.started(second));

    assertThat(board())
        .containsExactly(
            Orders.shown(first, OrderStatus.READY),
            Orders.shown(second, OrderStatus.PREPARING),
            Orders.shown(third, OrderStatus.PLACED));
    assertThat(await(store.snapshot(bar)).orders()).isEqualTo(board());
  }

  @Test
  void the_board_can_be_narrowed_to_some_statuses_and_read_in_pages() {
    OrderPlaced first = Orders.placed(bar);
    OrderPlaced second = Orders.placed(bar);
    OrderPlaced third = Orders.placed(bar);
    apply(first, second, Orders.started(second), third);
    Set<OrderStatus> placed = Set.of(OrderStatus.PLACED);

    ViewStore.Page page = await(store.ofBar(bar, placed, null, 1));
    assertThat(page.orders()).containsExactly(Orders.shown(first, OrderStatus.PLACED));

    ViewStore.Page next = await(store.ofBar(bar, placed, page.nextCursor(), 1));
    assertThat(next.orders()).containsExactly(Orders.shown(third, OrderStatus.PLACED));
    assertThat(next.nextCursor()).isNull();
  }

  @Test
  void history_can_be_narrowed_to_statuses_that_the_board_does_not_show() {
    OrderPlaced open = Orders.placed(bar);
    OrderPlaced cancelled = Orders.placed(bar);
    apply(open, cancelled, Orders.cancelled(cancelled));

    assertThat(await(store.ofBar(bar, Set.of(OrderStatus.CANCELLED), null, 50)).orders())
        .containsExactly(Orders.shown(cancelled, OrderStatus.CANCELLED));
  }

  @Test
  void history_comes_newest_first_in_pages_without_gap_or_repetition() {
    List<OrderPlaced> orders = Orders.placed(bar, 6);
    apply(orders);
    apply(Orders.handedOver(orders.get(1)), Orders.cancelled(orders.get(4)));

    List<UUID> read = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    UUID cursor = null;
    do {
      ViewStore.Page page = await(store.ofBar(bar, null, cursor, 3));
      page.orders().forEach(order -> read.add(order.orderId()));
      sizes.add(page.orders().size());
      cursor = page.nextCursor();
      // What comes in meanwhile belongs before the first page.
      apply(Orders.placed(bar));
    } while (cursor != null);

    assertThat(read).isEqualTo(orders.reversed().stream().map(OrderPlaced::orderId).toList());
    assertThat(sizes).containsExactly(3, 3);
  }

  @Test
  void my_orders_are_mine_alone_newest_first_whatever_became_of_them() {
    UUID me = UUID.randomUUID();
    OrderPlaced first = Orders.placed(bar, me);
    OrderPlaced second = Orders.placed(bar + "-2", me);
    OrderPlaced third = Orders.placed(bar, me);
    apply(third, Orders.placed(bar), second, first, Orders.cancelled(second));

    ViewStore.Page page = await(store.ofCustomer(me, null, 2));
    assertThat(page.orders())
        .containsExactly(
            Orders.shown(third, OrderStatus.PLACED), Orders.shown(second, OrderStatus.CANCELLED));

    ViewStore.Page next = await(store.ofCustomer(me, page.nextCursor(), 2));
    assertThat(next.orders()).containsExactly(Orders.shown(first, OrderStatus.PLACED));
    assertThat(next.nextCursor()).isNull();
  }

  @Test
  void who_missed_something_is_told_exactly_that() {
    OrderPlaced first = Orders.placed(bar);
    OrderPlaced second = Orders.placed(bar);
    apply(first);
    String epoch = number().epoch();
    apply(second);
    AlarmEvent alarm = Orders.alarm(second);
    await(store.apply(List.of(), List.of(alarm)));
    apply(Orders.cancelled(first));

    assertThat(since(epoch, 1))
        .containsExactly(
            new OrderChanged(2, Orders.shown(second, OrderStatus.PLACED)),
            new AlarmChanged(3, alarm.alarm()),
            new Removed(4, first.orderId(), OrderStatus.CANCELLED));
    assertThat(messages(await(store.since(bar, epoch, 1, 2))))
        .extracting(FeedMessage::seq)
        .containsExactly(2L, 3L);
    assertThat(since(epoch, 4)).isEmpty();
  }

  @Test
  void nothing_is_told_when_it_would_have_a_gap() {
    apply(Orders.placed(bar));
    apply(Orders.placed(bar));
    apply(Orders.placed(bar));
    String epoch = number().epoch();

    assertThat(await(store.since(bar, "another epoch", 0, 500))).isNull();
    assertThat(await(store.since(bar, epoch, 4, 500))).isNull();

    await(store.prune(2));
    assertThat(await(store.since(bar, epoch, 0, 500))).isNull();
    assertThat(since(epoch, 1)).extracting(FeedMessage::seq).containsExactly(2L, 3L);
  }

  @Test
  void a_bar_that_nobody_has_ordered_from_has_an_empty_board_with_a_numbering() {
    Snapshot snapshot = await(store.snapshot(bar));

    assertThat(snapshot.epoch()).isNotEmpty();
    assertThat(snapshot).isEqualTo(new Snapshot(snapshot.epoch(), 0, List.of()));
    assertThat(await(store.snapshot(bar))).isEqualTo(snapshot);
    apply(Orders.placed(bar));
    assertThat(number()).isEqualTo(new ViewStore.Number(snapshot.epoch(), 1));
  }

  @Test
  void a_snapshots_number_and_orders_are_of_one_moment() {
    await(store.snapshot(bar));
    Future<?> writing = writeOneAfterAnother(60);

    // With one new order a message, the number of the last message is how many there are.
    do {
      Snapshot snapshot = await(anotherReplica.snapshot(bar));
      assertThat(snapshot.orders()).hasSize((int) snapshot.seq());
    } while (!writing.isComplete());
    await(writing);
  }

  private Future<?> writeOneAfterAnother(int many) {
    if (many == 0) {
      return Future.succeededFuture();
    }
    return store
        .apply(Orders.changes(List.of(Orders.placed(bar))), List.of())
        .compose(written -> writeOneAfterAnother(many - 1));
  }

  private static List<Event> inOrder(String sequence, Event... events) {
    return sequence.chars().mapToObj(nth -> events[nth - '0']).toList();
  }

  /** Three events in one to three batches: bit 0 parts the first two, bit 1 the last two. */
  private void applySplit(int split, List<Event> events) {
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      batch.add(events.get(i));
      if ((split >> i & 1) == 1) {
        apply(batch);
        batch.clear();
      }
    }
    apply(batch);
  }

  private List<FeedMessage> apply(Event... batch) {
    return apply(List.of(batch));
  }

  /** Applies a batch and gives what this bar is told of it. */
  private List<FeedMessage> apply(List<? extends Event> batch) {
    return await(store.apply(Orders.changes(batch), List.of())).stream()
        .filter(news -> news.barId().equals(bar))
        .flatMap(news -> messages(news).stream())
        .toList();
  }

  private static List<FeedMessage> messages(News news) {
    return news.frames().stream().map(frame -> Wire.decode(frame, FeedMessage.class)).toList();
  }

  private List<FeedMessage> since(String epoch, long seq) {
    return messages(await(store.since(bar, epoch, seq, 500)));
  }

  private ViewStore.Number number() {
    return await(store.numbers(List.of(bar))).get(bar);
  }

  private List<Order> board() {
    return await(store.ofBar(bar, OrderStatus.OPEN, null, 50)).orders();
  }

  private List<Order> history() {
    return await(store.ofBar(bar, null, null, 50)).orders();
  }
}
