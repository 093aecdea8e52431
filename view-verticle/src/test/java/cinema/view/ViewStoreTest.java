package cinema.view;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How events become orders on the view, and how these are read. */
class ViewStoreTest extends ViewStoreBench {

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

  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void whose_an_order_was_is_forgotten_whatever_order_and_batches_its_events_come_in(
      String sequence) {
    List<OrderPlaced> orders = noted(4);
    for (int split = 0; split < orders.size(); split++) {
      OrderPlaced order = orders.get(split);
      applySplit(split, inOrder(sequence, order, Orders.cancelled(order), Orders.forgotten(order)));
    }

    assertThat(board()).isEmpty();
    assertThat(history().reversed())
        .isEqualTo(
            orders.stream()
                .map(each -> Orders.shownForgotten(each, OrderStatus.CANCELLED))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void an_open_order_goes_on_when_its_customer_is_forgotten_at_whatever_moment(String sequence) {
    List<OrderPlaced> orders = noted(4);
    for (int split = 0; split < orders.size(); split++) {
      OrderPlaced order = orders.get(split);
      applySplit(split, inOrder(sequence, order, Orders.started(order), Orders.forgotten(order)));
      apply(Orders.ready(order), order);
    }

    List<Order> nobodys =
        orders.stream().map(each -> Orders.shownForgotten(each, OrderStatus.READY)).toList();
    assertThat(board()).isEqualTo(nobodys);
    assertThat(await(feeds.snapshot(bar)).orders()).isEqualTo(nobodys);
    assertThat(await(store.ofCustomer(orders.getFirst().customerId(), null, 2)).orders())
        .containsExactly(nobodys.getFirst());
  }

  @Test
  void that_an_open_orders_customer_is_forgotten_is_told_once() {
    OrderPlaced order = noted(1).getFirst();
    apply(order);

    assertThat(apply(Orders.forgotten(order)))
        .singleElement()
        .isInstanceOfSatisfying(
            FeedMessage.OrderChanged.class,
            told ->
                assertThat(told.order())
                    .isEqualTo(Orders.shownForgotten(order, OrderStatus.PLACED)));
    assertThat(apply(Orders.forgotten(order))).isEmpty();
  }

  @Test
  void an_order_that_comes_with_its_customer_forgotten_is_told_without_its_customer() {
    OrderPlaced order = noted(1).getFirst();

    assertThat(apply(order, Orders.forgotten(order)))
        .containsExactly(
            new FeedMessage.OrderChanged(1, Orders.shownForgotten(order, OrderStatus.PLACED)));
  }

  @Test
  void that_a_closed_orders_customer_is_forgotten_is_no_news_on_any_screen() {
    OrderPlaced order = noted(1).getFirst();
    apply(order, Orders.handedOver(order));

    assertThat(apply(Orders.forgotten(order))).isEmpty();
    assertThat(history()).containsExactly(Orders.shownForgotten(order, OrderStatus.HANDED_OVER));
  }

  @Test
  void the_feeds_tell_no_forgotten_name_whenever_the_alarm_was_raised() {
    OrderPlaced before = Orders.placed(bar);
    OrderPlaced together = Orders.placed(bar);
    OrderPlaced after = Orders.placed(bar);
    OrderPlaced kept = Orders.placed(bar);
    apply(List.of(before, together, after, kept), Orders.alarm(before), Orders.alarm(kept));
    apply(List.of(Orders.forgotten(before)));
    assertThat(apply(List.of(Orders.forgotten(together)), Orders.alarm(together)))
        .extracting(ViewStoreTest::named)
        .endsWith("");
    apply(List.of(Orders.forgotten(after)));
    List<FeedMessage> live = apply(List.of(), Orders.alarm(after));

    assertThat(live).singleElement().extracting(ViewStoreTest::named).isEqualTo("");
    assertThat(since(number().epoch(), 0).stream().map(ViewStoreTest::named))
        .filteredOn(Objects::nonNull)
        .containsExactly("", "Haneul", "", "");
  }

  /**
   * @return null for what is no alarm
   */
  private static String named(FeedMessage message) {
    return message instanceof FeedMessage.AlarmChanged changed ? changed.alarm().customer() : null;
  }

  /** With everything that a customer may say. */
  private List<OrderPlaced> noted(int many) {
    return Stream.generate(() -> Orders.placed(bar, UUID.randomUUID(), "for Haneul"))
        .limit(many)
        .toList();
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
    assertThat(await(feeds.snapshot(bar)).orders()).isEqualTo(board());
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
}
