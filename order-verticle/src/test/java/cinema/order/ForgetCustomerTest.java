package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.Customer;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.shared.service.Ids;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL, with another process beside. */
class ForgetCustomerTest extends TwoProcesses {

  @Test
  void whose_an_order_was_is_forgotten_and_everything_else_stays() {
    Asked asked = placed("no ice");
    Order before = find(asked);

    assertThat(forget()).isEqualTo(1);

    assertThat(find(asked)).isEqualTo(nobodys(before));
    assertThat(stored(asked)).doesNotContain("Minji", "010-1234", "G12", "no ice");
    assertThat(bench.count("SELECT count(*) FROM customer_order WHERE bar_id = $1", barId))
        .isEqualTo(1);
  }

  @Test
  void everybody_is_told_once_however_often_a_customer_asks() {
    Asked asked = placed(null);

    forget();

    assertThat(forget()).isZero();
    assertThat(toldAfterwards(id(asked)))
        .containsExactly(new OrderForgotten(id(asked), 3, NOW, barId));
  }

  @Test
  void anothers_orders_and_those_placed_later_still_say_whose_they_are() {
    Asked anothers = asked(barId, UUID.randomUUID(), null, "hers");
    place(anothers);
    placed("forget me");
    forget();
    Asked later = placed("remember me");

    assertThat(await(bench.store.find(id(anothers), anothers.placed().customerId())).note())
        .isEqualTo("hers");
    assertThat(find(later).note()).isEqualTo("remember me");
    assertThat(find(later).customer()).isEqualTo(Samples.MINJI);
    assertThat(forget()).isEqualTo(1);
  }

  @Test
  void however_many_orders_there_are_all_are_forgotten_and_counted_once_by_whoever_asks() {
    for (int i = 0; i < 5; i++) {
      place(Stream.generate(() -> asked(barId, customerId, null, null)).limit(240).toList());
    }

    List<Future<Integer>> asking = List.of(forgetting(bench), forgetting(neighbour));

    assertThat(asking.stream().mapToInt(each -> await(each)).sum()).isEqualTo(1200);
    assertThat(
            bench.count(
                "SELECT count(*) FROM customer_order WHERE customer_id = $1 AND customer_name <> ''",
                customerId))
        .isZero();
    assertThat(
            bench.count(
                "SELECT count(*) FROM outbox, unnest(types, data) AS t(type, event)"
                    + " WHERE type = 'OrderForgotten' AND event::jsonb ->> 'barId' = $1",
                barId))
        .isEqualTo(1200);
    assertThat(bench.count("SELECT max(cardinality(types)) FROM outbox")).isEqualTo(500);
  }

  @Test
  void a_cancel_is_the_same_before_and_after_its_customer_is_forgotten() {
    Asked cancelledBefore = placed(null);
    Asked cancelledAfter = placed(null);
    Asked cancelledByTheBar = placed(null);
    await(bench.cancel(id(cancelledBefore), barId, NOW));

    forget();
    await(bench.cancel(id(cancelledAfter), barId, NOW));
    UUID last = id(cancelledByTheBar);
    await(
        bench.store.follow(
            List.of(new Told<>(new OrderRequestCancelled(last, 2, NOW, barId), TRACE)), NOW));

    for (Asked asked : List.of(cancelledBefore, cancelledAfter, cancelledByTheBar)) {
      assertThat(find(asked).status()).isEqualTo(OrderStatus.CANCELLED);
      assertThat(find(asked).customer().name()).isEmpty();
      assertThat(toldAfterwards(id(asked)))
          .extracting(OrderEvent::type, OrderEvent::version)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple("OrderCancelled", 2),
              org.assertj.core.groups.Tuple.tuple("OrderForgotten", 3));
    }
  }

  @Test
  void what_is_announced_again_names_nobody() {
    Asked asked = placed("no ice");
    forget();

    List<Told<OrderEvent>> again =
        await(
            new AnnouncementStore(bench.database)
                .claim(Instant.now().plusSeconds(60), Duration.ofSeconds(5), 1000));

    assertThat(again.stream().map(Told::event).filter(told -> told.orderId().equals(id(asked))))
        .singleElement()
        .isInstanceOfSatisfying(
            OrderPlaced.class,
            told ->
                assertThat(told.order()).isEqualTo(nobodys(Samples.numbered(asked, 1).order())));
  }

  @Test
  void a_key_still_finds_the_order_that_it_placed() {
    Asked asked = asked(barId, customerId, "a-key", null);
    place(asked);
    forget();

    PlacingStore.Before before = await(bench.placing.placedWith(customerId, "a-key"));

    assertThat(before.fingerprint()).isNull();
    assertThat(before.order()).isEqualTo(nobodys(Samples.numbered(asked, 1).order()));
  }

  @Test
  void a_customers_orders_are_found_without_looking_at_all_orders() {
    for (int i = 0; i < 5; i++) {
      place(Stream.generate(() -> asked(barId)).limit(240).toList());
    }
    await(bench.database.execute("ANALYZE customer_order"));
    String plan = Bench.plan(bench.database, ForgettingStore.FORGET);

    assertThat(plan).contains("customer_order_key").doesNotContain("Seq Scan on customer_order");
  }

  private static Order nobodys(Order order) {
    return new Order(
        order.orderId(),
        order.barId(),
        order.pickupNumber(),
        order.status(),
        order.lines(),
        order.total(),
        order.currency(),
        new Customer("", null),
        null,
        null,
        order.placedAt(),
        order.readyBy(),
        order.reason());
  }

  private int forget() {
    return await(forgetting(bench));
  }

  private Future<Integer> forgetting(OrderBench where) {
    ForgetCustomer forgetCustomer =
        new ForgetCustomer(new ForgettingStore(where.outbox), Clock.fixed(NOW, ZoneOffset.UTC));
    return where.onLoop(() -> forgetCustomer.forget(customerId, TRACE));
  }

  private Asked placed(String note) {
    Asked asked = asked(barId, customerId, null, note);
    place(asked);
    return asked;
  }

  private static void place(List<Asked> batch) {
    await(bench.onLoop(() -> bench.placing.place(Ids.next(), batch)));
  }

  private Order find(Asked asked) {
    return await(bench.store.find(id(asked), customerId));
  }

  /** All that its row says. */
  private static String stored(Asked asked) {
    return bench
        .rows("SELECT o::text FROM customer_order o WHERE order_id = $1", id(asked))
        .getFirst()
        .getString(0);
  }
}
