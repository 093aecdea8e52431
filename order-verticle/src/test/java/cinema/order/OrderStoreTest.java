package cinema.order;

import static cinema.order.Samples.asked;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderHandedOver;
import cinema.shared.contract.OrderRequestEvent.OrderReady;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderStatus;
import cinema.shared.testing.Bench;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderStoreTest extends TwoProcesses {
  @Test
  void an_order_is_found_as_it_was_placed_and_by_its_owner_alone() {
    Asked asked = asked(barId, customerId, null, "no ice");
    place(asked);

    assertThat(await(bench.store.find(id(asked), customerId)))
        .isEqualTo(Samples.numbered(asked, 1).order());
    assertThat(await(bench.store.find(id(asked), UUID.randomUUID()))).isNull();
  }

  @Test
  void an_order_is_looked_up_by_its_own_id_and_not_among_all_of_its_customers() {
    assertThat(Bench.plan(bench.database, OrderStore.FIND))
        .contains("customer_order_pkey on customer_order");
  }

  @Test
  void a_cancel_that_the_bar_tells_of_is_told_on_once() {
    UUID orderId = placed();
    OrderRequestEvent cancelled = new OrderRequestCancelled(orderId, 2, NOW, barId);

    follow(cancelled);
    follow(cancelled);
    await(bench.cancel(orderId, barId, NOW));

    assertThat(bench.told(orderId)).hasSize(2);
    assertThat(bench.told(orderId).getLast())
        .isInstanceOf(OrderCancelled.class)
        .extracting(OrderEvent::version)
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234", "4321", "2413", "3142", "1432", "4114"})
  void the_bars_newest_word_holds_in_whatever_order_its_events_come(String order) {
    UUID oneByOne = placed();
    UUID together = placed();

    inOrder(order, oneByOne).forEach(this::follow);
    follow(inOrder(order, together).toArray(OrderRequestEvent[]::new));

    assertThat(status(oneByOne)).isEqualTo(OrderStatus.HANDED_OVER);
    assertThat(status(together)).isEqualTo(OrderStatus.HANDED_OVER);
  }

  private Stream<OrderRequestEvent> inOrder(String versions, UUID orderId) {
    return versions
        .chars()
        .mapToObj(
            version ->
                switch (version) {
                  case '1' -> new OrderRequested(orderId, 1, NOW, barId);
                  case '2' -> new PreparationStarted(orderId, 2, NOW, barId);
                  case '3' -> new OrderReady(orderId, 3, NOW, barId);
                  default -> new OrderHandedOver(orderId, 4, NOW, barId);
                });
  }

  @Test
  void cancelled_is_final_whatever_the_bar_tells_later() {
    UUID orderId = placed();
    await(bench.cancel(orderId, barId, NOW));

    follow(new PreparationStarted(orderId, 9, NOW, barId));
    await(bench.cancelling.refuse(orderId, OrderStatus.PREPARING, 9));

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
  }

  @Test
  void a_wish_to_cancel_shows_until_the_bars_decision_settles_it() {
    UUID started = placed();
    UUID cancelled = placed();
    await(bench.cancelling.intend(List.of(started), NOW));
    await(bench.cancelling.intend(List.of(cancelled), NOW));

    follow(
        new OrderRequested(started, 1, NOW, barId), new OrderRequested(cancelled, 1, NOW, barId));
    assertThat(status(started)).isEqualTo(OrderStatus.CANCELLING);
    assertThat(intents()).contains(started, cancelled);

    follow(
        new PreparationStarted(started, 2, NOW, barId),
        new OrderRequestCancelled(cancelled, 2, NOW, barId));
    assertThat(status(started)).isEqualTo(OrderStatus.PREPARING);
    assertThat(status(cancelled)).isEqualTo(OrderStatus.CANCELLED);
    assertThat(intents()).doesNotContain(started, cancelled);
  }

  @Test
  void a_refusal_that_is_older_than_what_is_known_changes_nothing_but_the_wish() {
    UUID orderId = placed();
    await(bench.cancelling.intend(List.of(orderId), NOW));
    follow(new OrderReady(orderId, 3, NOW, barId));

    await(bench.cancelling.refuse(orderId, OrderStatus.PREPARING, 2));

    assertThat(status(orderId)).isEqualTo(OrderStatus.READY);
  }

  @Test
  void the_reason_of_a_rejection_is_known_also_when_a_refused_cancel_told_of_it_first() {
    UUID orderId = placed();
    await(bench.cancelling.refuse(orderId, OrderStatus.REJECTED, 2));

    follow(new OrderRequestRejected(orderId, 2, NOW, barId, "sold out"));

    Order order = await(bench.store.find(orderId, customerId));
    assertThat(order.status()).isEqualTo(OrderStatus.REJECTED);
    assertThat(order.reason()).isEqualTo("sold out");
  }
}
