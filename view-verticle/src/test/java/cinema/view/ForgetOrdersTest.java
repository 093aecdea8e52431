package cinema.view;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the view keeps of orders that are long over. */
class ForgetOrdersTest extends ViewStoreBench {
  private static final Duration KEPT = Duration.ofDays(400);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  @Test
  void closed_orders_are_forgotten_when_they_are_old_and_open_ones_never() {
    OrderPlaced open = Orders.placed(bar);
    OrderPlaced cancelled = Orders.placed(bar);
    apply(open, cancelled);
    apply(Orders.cancelled(cancelled));

    forgetAfter(KEPT.minusMinutes(1));
    assertThat(history()).hasSize(2);

    forgetAfter(KEPT.plusMinutes(1));
    assertThat(history()).containsExactly(Orders.shown(open, OrderStatus.PLACED));
  }

  @Test
  void whatever_is_old_goes_however_much_it_is() {
    List<OrderPlaced> orders = Orders.placed(bar, 2500);
    apply(orders);
    apply(orders.stream().map(Orders::cancelled).toList());

    forgetAfter(KEPT.plusMinutes(1));

    assertThat(history()).isEmpty();
  }

  @Test
  void what_somebody_changes_just_now_is_passed_over() {
    OrderPlaced changed = Orders.placed(bar);
    OrderPlaced other = Orders.placed(bar);
    apply(changed, other);
    apply(Orders.cancelled(changed), Orders.cancelled(other));

    await(
        databaseOfAnother.transaction(
            connection ->
                connection
                    .preparedQuery("SELECT FROM order_view WHERE order_id = $1 FOR UPDATE")
                    .execute(Tuple.of(changed.orderId()))
                    .compose(locked -> forgetting(KEPT.plusMinutes(1)))));

    assertThat(history()).containsExactly(Orders.shown(changed, OrderStatus.CANCELLED));
  }

  @Test
  void who_was_away_for_as_long_gets_the_board_anew() {
    OrderPlaced cancelled = Orders.placed(bar);
    apply(cancelled);
    apply(Orders.cancelled(cancelled));
    String epoch = number().epoch();
    assertThat(await(feeds.since(bar, epoch, 0, 500))).isNotNull();

    forgetAfter(KEPT.plusMinutes(1));

    assertThat(await(feeds.since(bar, epoch, 0, 500))).isNull();
  }

  private void forgetAfter(Duration time) {
    await(forgetting(time));
  }

  private Future<Void> forgetting(Duration time) {
    Clock later = Clock.offset(Clock.systemUTC(), time);
    return ForgetOrders.of(vertx, bench.settings(), store, later).now();
  }
}
