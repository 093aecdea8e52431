package cinema.order;

import static cinema.order.Samples.MINJI;
import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.changed;
import static cinema.order.Samples.cola;
import static cinema.order.Samples.form;
import static cinema.order.Samples.newBar;
import static cinema.order.Samples.soldOut;
import static cinema.order.Samples.wish;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Database;
import cinema.shared.service.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlaceOrderTest extends OrderTest {
  private final String barId = newBar();
  private final Menu menu = Samples.menu(barId);
  private final PlaceOrder placeOrder = bench.placeOrder(menu);
  private final UUID customerId = UUID.randomUUID();
  private final OrderForm twoColas = form(barId, wish("cola", 2));

  @Test
  void the_answer_is_what_is_stored_and_what_the_bar_is_told() {
    Order order = await(place(form(barId, wish("popcorn", 1), wish("cola", 1)), null));

    assertThat(order.status()).isEqualTo(OrderStatus.PLACED);
    assertThat(order.pickupNumber()).isEqualTo(1);
    assertThat(order.total()).isEqualTo(9000);
    assertThat(order.customer()).isEqualTo(MINJI);
    assertThat(order.seat()).isEqualTo("G12");
    assertThat(Duration.between(order.placedAt(), order.readyBy()))
        .isEqualTo(Duration.ofSeconds(65));
    assertThat(await(bench.store.find(order.orderId(), customerId))).isEqualTo(order);
    assertThat(bench.told(order.orderId()))
        .singleElement()
        .isInstanceOfSatisfying(
            OrderPlaced.class,
            placed -> {
              assertThat(placed.order()).isEqualTo(order);
              assertThat(placed.customerId()).isEqualTo(customerId);
            });
  }

  @Test
  void the_same_key_with_the_same_body_gets_the_same_answer() {
    Order first = await(place(twoColas, "key"));
    await(bench.cancel(first.orderId(), barId, first.placedAt()));

    assertThat(await(place(twoColas, "key"))).isEqualTo(first);
    assertThat(ordersOf(customerId)).isEqualTo(1);
  }

  @Test
  void the_same_key_with_another_body_is_refused() {
    await(place(twoColas, "key"));

    Problem problem = refused(place(form(barId, wish("cola", 3)), "key"));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.type()).endsWith("key-reused");
    assertThat(ordersOf(customerId)).isEqualTo(1);
  }

  @Test
  void a_key_whose_order_is_being_placed_is_told_to_wait_and_may_come_again() {
    List<Future<Order>> both = new ArrayList<>();
    await(
        bench.onLoop(
            () -> {
              both.add(placeOrder.place(customerId, twoColas, "key", TRACE));
              both.add(placeOrder.place(customerId, twoColas, "key", TRACE));
              return Future.succeededFuture();
            }));

    Problem problem = refused(both.get(1));
    assertThat(problem.status()).isEqualTo(409);
    assertThat(problem.type()).endsWith("in-flight");
    assertThat(problem.retryAfterSeconds()).isPositive();
    Order order = await(both.get(0));
    assertThat(await(place(twoColas, "key"))).isEqualTo(order);
  }

  @Test
  void a_refused_attempt_burns_no_key() {
    menu.on(changed(barId, 2, soldOut(cola())));
    assertThat(refused(place(twoColas, "key")).type()).endsWith("sold-out");

    menu.on(changed(barId, 3, cola()));
    assertThat(await(place(twoColas, "key")).pickupNumber()).isEqualTo(1);
  }

  @Test
  void a_retry_gets_the_first_answer_also_when_the_item_has_sold_out_since() {
    Order first = await(place(twoColas, "key"));
    menu.on(changed(barId, 2, soldOut(cola())));

    assertThat(await(place(twoColas, "key"))).isEqualTo(first);
    assertThat(refused(place(form(barId, wish("cola", 3)), "key")).type()).endsWith("key-reused");
    assertThat(refused(place(twoColas, "other-key")).type()).endsWith("sold-out");
  }

  @Test
  void one_bad_order_does_not_fail_those_that_are_written_with_it() {
    OrderForm bad = new OrderForm(barId, twoColas.lines(), MINJI, null, "\0");
    List<Future<Order>> placed = new ArrayList<>();
    await(
        bench.onLoop(
            () -> {
              for (OrderForm form : List.of(twoColas, twoColas, bad, twoColas)) {
                placed.add(placeOrder.place(customerId, form, null, TRACE));
              }
              return Future.succeededFuture();
            }));

    assertThatThrownBy(() -> await(placed.remove(2))).matches(Database::refusesData);
    assertThat(placed).allSatisfy(each -> assertThat(await(each).pickupNumber()).isPositive());
    assertThat(ordersOf(customerId)).isEqualTo(3);
  }

  @Test
  void more_orders_than_can_be_written_are_refused_and_the_rest_is_placed() {
    List<Future<Order>> placed = new ArrayList<>();
    List<Problem> refused = new ArrayList<>();
    await(
        bench.onLoop(
            () -> {
              while (refused.isEmpty() && placed.size() < 10_000) {
                Future<Order> each = placeOrder.place(customerId, twoColas, null, TRACE);
                if (each.failed()) {
                  refused.add(((Problem.Thrown) each.cause()).problem());
                } else {
                  placed.add(each);
                }
              }
              return Future.succeededFuture();
            }));

    assertThat(refused.getFirst().status()).isEqualTo(503);
    assertThat(refused.getFirst().retryAfterSeconds()).isPositive();
    assertThat(placed).hasSizeGreaterThan(1000);
    await(Future.all(placed));
    assertThat(ordersOf(customerId)).isEqualTo(placed.size());
  }

  @Test
  void the_same_key_at_once_in_two_processes_places_one_order_and_both_say_the_same() {
    try (OrderBench neighbour = bench.neighbour()) {
      PlaceOrder atNeighbour = neighbour.placeOrder(menu);
      for (int i = 0; i < 50; i++) {
        String key = "key-" + i;
        Future<Order> here = place(twoColas, key);
        Future<Order> there =
            neighbour.onLoop(() -> atNeighbour.place(customerId, twoColas, key, TRACE));

        assertThat(await(here)).isEqualTo(await(there));
      }
      assertThat(ordersOf(customerId)).isEqualTo(50);
    }
  }

  @Test
  void of_two_bodies_with_one_key_at_once_in_two_processes_one_is_refused() {
    try (OrderBench neighbour = bench.neighbour()) {
      PlaceOrder atNeighbour = neighbour.placeOrder(menu);
      OrderForm threeColas = form(barId, wish("cola", 3));
      for (int i = 0; i < 50; i++) {
        String key = "key-" + i;
        Future<Order> here = place(twoColas, key);
        Future<Order> there =
            neighbour.onLoop(() -> atNeighbour.place(customerId, threeColas, key, TRACE));
        await(Future.join(here, there).otherwiseEmpty());

        assertThat(refused(here.failed() ? here : there).type()).endsWith("key-reused");
        assertThat(here.failed() && there.failed()).isFalse();
      }
      assertThat(ordersOf(customerId)).isEqualTo(50);
    }
  }

  @Test
  void a_key_is_its_customers_own() {
    Order order = await(place(twoColas, "key"));
    UUID another = UUID.randomUUID();

    Order anothers = await(bench.onLoop(() -> placeOrder.place(another, twoColas, "key", TRACE)));

    assertThat(anothers.orderId()).isNotEqualTo(order.orderId());
    assertThat(ordersOf(another)).isEqualTo(1);
  }

  @Test
  void a_key_finds_its_order_also_once_its_customer_is_forgotten() {
    Order order = await(place(twoColas, "key"));
    ForgettingStore forgetting = new ForgettingStore(bench.outbox);
    await(bench.onLoop(() -> forgetting.forget(customerId, 10, Instant.now(), TRACE)));

    Order again = await(place(twoColas, "key"));

    assertThat(again.orderId()).isEqualTo(order.orderId());
    assertThat(again.customer().name()).isEmpty();
  }

  @Test
  void an_attempt_that_the_database_refuses_burns_no_key() {
    OrderForm bad = new OrderForm(barId, twoColas.lines(), MINJI, null, "\0");
    assertThatThrownBy(() -> await(place(bad, "key"))).matches(Database::refusesData);

    assertThat(await(place(twoColas, "key")).pickupNumber()).isEqualTo(1);
  }

  private Future<Order> place(OrderForm form, String key) {
    return bench.onLoop(() -> placeOrder.place(customerId, form, key, TRACE));
  }

  private static Problem refused(Future<Order> placed) {
    Problem.Thrown refusal = catchThrowableOfType(Problem.Thrown.class, () -> await(placed));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal.problem();
  }

  private static long ordersOf(UUID customerId) {
    return bench.count("SELECT count(*) FROM customer_order WHERE customer_id = $1", customerId);
  }
}
