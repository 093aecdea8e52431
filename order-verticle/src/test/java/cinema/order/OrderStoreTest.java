package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.OrderStore.Agreed;
import cinema.order.OrderStore.Intent;
import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.Event;
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
import cinema.shared.events.Told;
import cinema.shared.service.Ids;
import cinema.shared.testing.Bench;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderStoreTest extends TwoProcesses {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

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
  void a_cancel_is_recorded_once_and_told_once_however_often_it_comes() {
    UUID orderId = placed();

    await(bench.cancel(orderId, barId, NOW));
    await(neighbour.cancel(orderId, barId, NOW.plusSeconds(1)));
    follow(new OrderRequestCancelled(orderId, 2, NOW, barId));

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
    assertThat(bench.told(orderId).subList(1, bench.told(orderId).size()))
        .containsExactly(new OrderCancelled(orderId, 2, NOW, barId));
  }

  @Test
  void cancels_that_come_together_are_recorded_together_and_each_is_told_once() {
    UUID one = placed();
    UUID gone = placed();
    UUID other = placed();
    await(bench.cancel(gone, barId, NOW));
    List<Agreed> agreed =
        Stream.of(other, gone, one, other)
            .map(orderId -> new Agreed(orderId, barId, 2, TRACE))
            .toList();

    await(bench.store.cancel(agreed, NOW));

    for (UUID orderId : List.of(one, gone, other)) {
      assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
      assertThat(bench.told(orderId).subList(1, bench.told(orderId).size()))
          .containsExactly(new OrderCancelled(orderId, 2, NOW, barId));
    }
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
    await(bench.store.refuse(orderId, OrderStatus.PREPARING, 9));

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
  }

  @Test
  void a_wish_to_cancel_shows_until_the_bars_decision_settles_it() {
    UUID started = placed();
    UUID cancelled = placed();
    await(bench.store.intend(List.of(started), NOW));
    await(bench.store.intend(List.of(cancelled), NOW));

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
  void a_refusal_settles_a_wish_to_cancel() {
    UUID orderId = placed();
    await(bench.store.intend(List.of(orderId), NOW));

    await(bench.store.refuse(orderId, OrderStatus.PREPARING, 2));

    assertThat(status(orderId)).isEqualTo(OrderStatus.PREPARING);
    assertThat(intents()).doesNotContain(orderId);
  }

  @Test
  void a_refusal_that_is_older_than_what_is_known_changes_nothing_but_the_wish() {
    UUID orderId = placed();
    await(bench.store.intend(List.of(orderId), NOW));
    follow(new OrderReady(orderId, 3, NOW, barId));

    await(bench.store.refuse(orderId, OrderStatus.PREPARING, 2));

    assertThat(status(orderId)).isEqualTo(OrderStatus.READY);
  }

  @Test
  void the_reason_of_a_rejection_is_known_also_when_a_refused_cancel_told_of_it_first() {
    UUID orderId = placed();
    await(bench.store.refuse(orderId, OrderStatus.REJECTED, 2));

    follow(new OrderRequestRejected(orderId, 2, NOW, barId, "sold out"));

    Order order = await(bench.store.find(orderId, customerId));
    assertThat(order.status()).isEqualTo(OrderStatus.REJECTED);
    assertThat(order.reason()).isEqualTo("sold out");
  }

  @Test
  void wishes_to_cancel_are_given_out_oldest_first_and_to_one_asker_at_a_time() {
    UUID young = placed();
    UUID old = placed();
    UUID middle = placed();
    Instant longAgo = Instant.parse("2000-01-01T00:00:00Z");
    await(bench.store.intend(List.of(young), longAgo.plusSeconds(3)));
    await(bench.store.intend(List.of(old), longAgo.plusSeconds(1)));
    await(bench.store.intend(List.of(middle), longAgo.plusSeconds(2)));
    await(bench.store.intend(List.of(old), longAgo.plusSeconds(9)));

    Instant now = longAgo.plusSeconds(2);
    Instant until = longAgo.plusSeconds(5);
    Intent claimed = await(bench.store.claimIntents(now, until, 1)).getFirst();
    assertThat(claimed.orderId()).isEqualTo(old);
    assertThat(claimed.barId()).isEqualTo(barId);
    assertThat(claimed.trace().traceId()).isEqualTo(TRACE.traceId());
    assertThat(claimed.trace().correlationId()).isEqualTo(TRACE.correlationId());
    assertThat(claim(now, until)).containsExactly(middle);
    assertThat(claim(now, until)).isEmpty();
    assertThat(claim(until, until.plusSeconds(1))).containsExactlyInAnyOrder(young, old, middle);
  }

  private static List<UUID> claim(Instant now, Instant until) {
    return await(bench.store.claimIntents(now, until, 100)).stream().map(Intent::orderId).toList();
  }

  private UUID placed() {
    Asked asked = asked(barId, customerId, null, null);
    place(asked);
    return id(asked);
  }

  private static int place(Asked asked) {
    return await(bench.onLoop(() -> bench.placing.place(Ids.next(), List.of(asked)))).getFirst();
  }

  private void follow(OrderRequestEvent... events) {
    FollowOrderRequests follow = new FollowOrderRequests(bench.store, Clock.systemUTC());
    List<Told<? extends Event>> batch = new ArrayList<>();
    for (OrderRequestEvent event : events) {
      batch.add(new Told<>(event, TRACE));
    }
    await(bench.onLoop(() -> follow.on(batch)));
  }

  private OrderStatus status(UUID orderId) {
    return await(bench.store.find(orderId, customerId)).status();
  }

  /** Left as they are. */
  private static List<UUID> intents() {
    return claim(NOW, NOW);
  }

  private static UUID id(Asked asked) {
    return asked.placed().orderId();
  }
}
