package cinema.order;

import static cinema.order.Samples.TODAY;
import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.newBar;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.order.OrderStore.Intent;
import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.Event;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderHandedOver;
import cinema.shared.contract.OrderRequestEvent.OrderReady;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private static OrderBench bench;
  private static OrderBench neighbour;

  private final String barId = newBar();
  private final UUID customerId = UUID.randomUUID();

  @BeforeAll
  static void open() {
    bench = new OrderBench();
    neighbour = bench.neighbour();
  }

  @AfterAll
  static void close() {
    neighbour.close();
    bench.close();
  }

  @Test
  void orders_their_keys_and_one_row_that_tells_of_them_are_stored_in_one_transaction() {
    Asked one = asked(barId, customerId, "key-1", null);
    Asked other = asked(barId, customerId, "key-2", "no ice");
    UUID outboxId = Ids.next();

    List<Integer> numbers =
        await(bench.onLoop(() -> bench.store.place(outboxId, List.of(one, other))));

    assertThat(numbers).containsExactly(1, 2);
    assertThat(bench.told(id(one))).containsExactly(numbered(one, 1));
    assertThat(bench.told(id(other))).containsExactly(numbered(other, 2));
    List<UUID> ids = List.of(id(one), id(other));
    String transactions =
        """
        SELECT count(*), count(DISTINCT xmin::text) FROM (
          SELECT xmin FROM customer_order WHERE order_id = ANY($1)
          UNION ALL SELECT xmin FROM idempotency WHERE order_id = ANY($1)
          UNION ALL SELECT xmin FROM pickup_number WHERE bar_id = $2
          UNION ALL SELECT xmin FROM outbox WHERE outbox_id = $3) written
        """;
    var written = bench.rows(transactions, ids.toArray(UUID[]::new), barId, outboxId).getFirst();
    assertThat(written.getLong(0)).isEqualTo(2 + 2 + 1 + 1);
    assertThat(written.getLong(1)).isEqualTo(1);
  }

  @Test
  void a_note_that_reads_like_a_pickup_number_is_told_as_it_was_written() {
    place(asked(barId));
    Asked asked = asked(barId, customerId, null, "\"pickupNumber\":0");

    assertThat(place(asked)).isEqualTo(2);
    assertThat(bench.told(id(asked))).containsExactly(numbered(asked, 2));
  }

  @Test
  void pickup_numbers_count_up_for_each_bar_and_day() {
    String otherBar = newBar();
    Asked tomorrow = asked(barId);
    Asked early = new Asked(tomorrow.placed(), TRACE, TODAY.plusDays(1), null, null);

    assertThat(place(asked(barId))).isEqualTo(1);
    assertThat(await(bench.store.place(Ids.next(), List.of(asked(barId), asked(otherBar), early))))
        .containsExactly(2, 1, 1);
    assertThat(place(asked(barId))).isEqualTo(3);
  }

  @Test
  void two_processes_together_give_each_pickup_number_once_and_leave_none_out() {
    List<Future<List<Integer>>> placed = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      OrderBench process = i % 2 == 0 ? bench : neighbour;
      List<Asked> batch = Stream.generate(() -> asked(barId)).limit(10).toList();
      placed.add(process.onLoop(() -> process.store.place(Ids.next(), batch)));
    }

    assertThat(placed.stream().flatMap(batch -> await(batch).stream()))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
  }

  @Test
  void a_key_places_one_order_of_its_customer() {
    Asked first = asked(barId, customerId, "key", null);
    Asked again = asked(barId, customerId, "key", null);
    Asked anothers = asked(barId, UUID.randomUUID(), "key", null);

    assertThat(place(first)).isEqualTo(1);
    assertThat(place(again)).isZero();
    assertThat(bench.told(id(again))).isEmpty();
    assertThat(await(bench.store.placedWith(customerId, "key")).order().orderId())
        .isEqualTo(id(first));
    assertThat(place(anothers)).isEqualTo(2);
  }

  @Test
  void a_key_places_one_order_also_when_two_processes_have_it_at_once() {
    List<String> keys = IntStream.range(0, 200).mapToObj(i -> "key-" + i).toList();
    List<Future<List<Integer>>> placed = new ArrayList<>();
    for (int i = 0; i < keys.size(); i += 20) {
      List<String> together = keys.subList(i, i + 20);
      for (OrderBench process : List.of(bench, neighbour)) {
        List<Asked> batch =
            new ArrayList<>(
                together.stream().map(key -> asked(barId, customerId, key, null)).toList());
        if (process == neighbour) {
          Collections.reverse(batch);
        }
        placed.add(process.onLoop(() -> process.store.place(Ids.next(), batch)));
      }
    }

    List<Integer> numbers = placed.stream().flatMap(batch -> await(batch).stream()).toList();
    assertThat(numbers).hasSize(400);
    assertThat(numbers.stream().filter(number -> number > 0))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
    assertThat(bench.count("SELECT count(*) FROM customer_order WHERE bar_id = $1", barId))
        .isEqualTo(200);
  }

  @Test
  void orders_without_a_key_are_all_placed() {
    Asked one = asked(barId, customerId, null, null);
    Asked other = asked(barId, customerId, null, null);

    assertThat(await(bench.store.place(Ids.next(), List.of(one, other)))).containsExactly(1, 2);
  }

  @Test
  void a_batch_that_fails_leaves_nothing_and_burns_no_key() {
    Asked good = asked(barId, customerId, "key", null);
    Asked bad = asked(barId, customerId, "other-key", "\0");

    assertThatThrownBy(() -> await(bench.store.place(Ids.next(), List.of(good, bad))))
        .isInstanceOf(PgException.class)
        .matches(Database::refusesData);
    assertThat(bench.count("SELECT count(*) FROM idempotency WHERE customer_id = $1", customerId))
        .isZero();
    assertThat(bench.told(id(good))).isEmpty();
    assertThat(await(bench.store.find(id(good), customerId))).isNull();
    assertThat(place(good)).isEqualTo(1);
  }

  @Test
  void an_order_is_found_as_it_was_placed_and_by_its_owner_alone() {
    Asked asked = asked(barId, customerId, null, "no ice");
    place(asked);

    assertThat(await(bench.store.find(id(asked), customerId)))
        .isEqualTo(numbered(asked, 1).order());
    assertThat(await(bench.store.find(id(asked), UUID.randomUUID()))).isNull();
  }

  @Test
  void what_a_key_has_placed_is_remembered_as_it_was_then() {
    Asked asked = asked(barId, customerId, "key", null);
    place(asked);
    await(bench.store.cancel(id(asked), 2, NOW, TRACE));

    assertThat(await(bench.store.placedWith(customerId, "key")))
        .isEqualTo(new OrderStore.Before("fingerprint", numbered(asked, 1).order()));
  }

  @Test
  void a_cancel_is_recorded_once_and_told_once_however_often_it_comes() {
    UUID orderId = placed();

    await(bench.store.cancel(orderId, 2, NOW, TRACE));
    await(neighbour.store.cancel(orderId, 2, NOW.plusSeconds(1), TRACE));
    follow(new OrderRequestCancelled(orderId, 2, NOW, barId));

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
    assertThat(bench.told(orderId).subList(1, bench.told(orderId).size()))
        .containsExactly(new OrderCancelled(orderId, 2, NOW, barId));
  }

  @Test
  void a_cancel_that_the_bar_tells_of_is_told_on_once() {
    UUID orderId = placed();
    OrderRequestEvent cancelled = new OrderRequestCancelled(orderId, 2, NOW, barId);

    follow(cancelled);
    follow(cancelled);
    await(bench.store.cancel(orderId, 2, NOW, TRACE));

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
    await(bench.store.cancel(orderId, 2, NOW, TRACE));

    follow(new PreparationStarted(orderId, 9, NOW, barId));
    await(bench.store.refuse(orderId, OrderStatus.PREPARING, 9));

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
  }

  @Test
  void a_wish_to_cancel_shows_until_the_bars_decision_settles_it() {
    UUID started = placed();
    UUID cancelled = placed();
    await(bench.store.intend(started, NOW));
    await(bench.store.intend(cancelled, NOW));

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
    await(bench.store.intend(orderId, NOW));

    await(bench.store.refuse(orderId, OrderStatus.PREPARING, 2));

    assertThat(status(orderId)).isEqualTo(OrderStatus.PREPARING);
    assertThat(intents()).doesNotContain(orderId);
  }

  @Test
  void a_refusal_that_is_older_than_what_is_known_changes_nothing_but_the_wish() {
    UUID orderId = placed();
    await(bench.store.intend(orderId, NOW));
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
  void wishes_to_cancel_are_listed_oldest_first_and_only_those_that_had_their_time() {
    UUID young = placed();
    UUID old = placed();
    UUID middle = placed();
    Instant longAgo = Instant.parse("2000-01-01T00:00:00Z");
    await(bench.store.intend(young, longAgo.plusSeconds(3)));
    await(bench.store.intend(old, longAgo.plusSeconds(1)));
    await(bench.store.intend(middle, longAgo.plusSeconds(2)));
    await(bench.store.intend(old, longAgo.plusSeconds(9)));

    List<Intent> listed = await(bench.store.intents(longAgo.plusSeconds(3), 10));
    assertThat(listed).extracting(Intent::orderId).containsExactly(old, middle);
    assertThat(listed.getFirst().barId()).isEqualTo(barId);
    assertThat(listed.getFirst().trace().traceId()).isEqualTo(TRACE.traceId());
    assertThat(listed.getFirst().trace().correlationId()).isEqualTo(TRACE.correlationId());
    assertThat(await(bench.store.intents(longAgo.plusSeconds(3), 1)))
        .extracting(Intent::orderId)
        .containsExactly(old);
  }

  private UUID placed() {
    Asked asked = asked(barId, customerId, null, null);
    place(asked);
    return id(asked);
  }

  private static int place(Asked asked) {
    return await(bench.onLoop(() -> bench.store.place(Ids.next(), List.of(asked)))).getFirst();
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

  private static List<UUID> intents() {
    return await(bench.store.intents(NOW.plusSeconds(1), 100)).stream()
        .map(Intent::orderId)
        .toList();
  }

  private static UUID id(Asked asked) {
    return asked.placed().orderId();
  }

  private static OrderPlaced numbered(Asked asked, int number) {
    OrderPlaced placed = asked.placed();
    return new OrderPlaced(
        placed.orderId(),
        placed.version(),
        placed.occurredAt(),
        placed.barId(),
        placed.customerId(),
        number,
        placed.lines(),
        placed.total(),
        placed.currency(),
        placed.customer(),
        placed.seat(),
        placed.note(),
        placed.readyBy());
  }
}
