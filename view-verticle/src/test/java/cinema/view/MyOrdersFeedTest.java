package cinema.view;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.contract.MyOrdersMessage;
import cinema.shared.contract.MyOrdersMessage.Changed;
import cinema.shared.contract.MyOrdersMessage.Snapshot;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import io.vertx.core.http.UpgradeRejectedException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a customer sees of their own orders. */
class MyOrdersFeedTest extends ViewTest {
  private final String bar = "bar-" + UUID.randomUUID();
  private final UUID me = UUID.randomUUID();
  private final String token = view.bench.customerToken(me);

  @Test
  void my_orders_come_first_and_then_whatever_becomes_of_them() {
    OrderPlaced first = Orders.placed(bar, me);
    view.follow(first);
    Feed<MyOrdersMessage> feed = view.openMyOrders("", token);
    assertThat(feed.next())
        .isEqualTo(new Snapshot(List.of(Orders.shown(first, OrderStatus.PLACED))));

    OrderPlaced second = Orders.placed(bar, me);
    view.follow(second);
    view.follow(Orders.alarm(second));
    view.follow(Orders.started(first));
    view.follow(Orders.rejected(second, "Sold out"));
    view.follow(Orders.cancelled(first));

    assertThat(feed.next()).isEqualTo(new Changed(Orders.shown(second, OrderStatus.PLACED)));
    assertThat(feed.next()).isEqualTo(new Changed(Orders.shown(first, OrderStatus.PREPARING)));
    assertThat(feed.next())
        .isEqualTo(new Changed(Orders.shown(second, OrderStatus.REJECTED, "Sold out")));
    assertThat(feed.next()).isEqualTo(new Changed(Orders.shown(first, OrderStatus.CANCELLED)));
    feed.leave();
  }

  @Test
  void what_others_order_is_not_told() {
    Feed<MyOrdersMessage> feed = view.openMyOrders("", token);
    assertThat(feed.next()).isEqualTo(new Snapshot(List.of()));

    view.follow(Orders.placed(bar, UUID.randomUUID()));
    OrderPlaced mine = Orders.placed(bar, me);
    view.follow(mine);

    assertThat(feed.next()).isEqualTo(new Changed(Orders.shown(mine, OrderStatus.PLACED)));
    feed.leave();
  }

  @Test
  void who_looks_with_two_phones_sees_it_on_both() {
    Feed<MyOrdersMessage> one = view.openMyOrders("", token);
    Feed<MyOrdersMessage> other = view.openMyOrders("?ticket=" + view.ticket(token), null);
    one.next();
    other.next();

    OrderPlaced order = Orders.placed(bar, me);
    view.follow(order);

    Changed changed = new Changed(Orders.shown(order, OrderStatus.PLACED));
    assertThat(one.next()).isEqualTo(changed);
    assertThat(other.next()).isEqualTo(changed);
    one.leave();
    other.leave();
  }

  @Test
  void of_a_long_history_only_the_latest_come() {
    List<OrderPlaced> many = IntStream.range(0, 25).mapToObj(i -> Orders.placed(bar, me)).toList();
    view.follow(many);

    Feed<MyOrdersMessage> feed = view.openMyOrders("", token);

    assertThat(((Snapshot) feed.next()).orders())
        .isEqualTo(
            many.reversed().subList(0, 20).stream()
                .map(order -> Orders.shown(order, OrderStatus.PLACED))
                .toList());
    feed.leave();
  }

  @Test
  void news_that_never_reached_this_replica_reaches_its_customers() {
    Feed<MyOrdersMessage> feed = view.openMyOrders("", token);
    feed.next();
    OrderPlaced order = Orders.placed(bar, me);

    // Stored by a replica that died before it could send it on, as the bar's last news for today.
    await(view.store.apply(Orders.changes(List.of(order)), List.of(), Map.of()));

    untilTold(feed, order, OrderStatus.PLACED);
    feed.leave();
  }

  @Test
  void news_that_shows_that_other_news_is_missing_has_everything_told_again() {
    OrderPlaced order = Orders.placed(bar, me);
    view.follow(order);
    Feed<MyOrdersMessage> feed = view.openMyOrders("", token);
    feed.next();

    await(view.store.apply(Orders.changes(List.of(Orders.started(order))), List.of(), Map.of()));
    view.follow(Orders.placed(bar, UUID.randomUUID()));

    untilTold(feed, order, OrderStatus.PREPARING);
    feed.leave();
  }

  /** A snapshot may come more often than it must. */
  private static void untilTold(Feed<MyOrdersMessage> feed, OrderPlaced order, OrderStatus status) {
    Snapshot wanted = new Snapshot(List.of(Orders.shown(order, status)));
    eventually("told again", () -> feed.next().equals(wanted));
  }

  @Test
  void it_is_for_customers_with_a_token_that_holds() {
    assertRefused(view.bench.staffToken(bar), 403);
    assertRefused(null, 401);
    assertRefused("nonsense", 401);
    assertThat(view.get("/feed/my-orders", token).statusCode()).isEqualTo(426);
  }

  private static void assertRefused(String token, int status) {
    assertThatThrownBy(() -> view.openMyOrders("", token))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(status));
  }
}
