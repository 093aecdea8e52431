package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.TRACE;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderReady;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderRequestEvent.StepUndone;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.shared.service.Ids;
import cinema.snackbar.OrderRequestStore.Moved;
import cinema.snackbar.OrderRequestStore.Wanted;
import cinema.snackbar.OrderRequestStore.Wish;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderRequestStoreTest {
  private static final Cancel.Outcome CANCELLED = Cancel.Outcome.CANCELLED;
  private static final Cancel.Outcome TOO_LATE = Cancel.Outcome.TOO_LATE;

  private static SnackbarBench bench;
  private static SnackbarBench neighbour;

  private final String barId = bench.newBar();

  @BeforeAll
  static void open() {
    bench = new SnackbarBench();
    neighbour = bench.neighbour();
  }

  @AfterAll
  static void close() {
    neighbour.close();
    bench.close();
  }

  @Test
  void each_order_is_taken_in_and_confirmed_in_one_transaction() {
    Told<OrderPlaced> one = order(barId, 1);
    Told<OrderPlaced> other = order(barId, 1);

    await(bench.requests.takeIn(List.of(one, other), NOW));

    for (UUID orderId : List.of(id(one), id(other))) {
      assertThat(bench.standing(orderId)).isEqualTo("PLACED 1");
      assertThat(bench.told(orderId)).containsExactly(new OrderRequested(orderId, 1, NOW, barId));
    }
    String transactions =
        """
        SELECT count(*), count(DISTINCT xmin::text) FROM (
          SELECT xmin FROM order_request WHERE order_id = $1
          UNION ALL SELECT xmin FROM menu_item WHERE bar_id = $2 AND item_id = 'cola'
          UNION ALL SELECT xmin FROM outbox
                     WHERE $1::text = ANY(SELECT d::jsonb ->> 'orderId' FROM unnest(data) AS d)
        ) written
        """;
    var written = bench.rows(transactions, id(one), barId).getFirst();
    assertThat(written.getLong(0)).isEqualTo(3);
    assertThat(written.getLong(1)).isEqualTo(1);
  }

  @Test
  void an_order_that_comes_again_is_taken_in_once_and_its_confirmation_is_not_stored_again() {
    Told<OrderPlaced> order = order(barId, 2);
    await(bench.requests.takeIn(List.of(order, order), NOW));
    move(id(order), Step.START);

    await(neighbour.requests.takeIn(List.of(order), NOW.plusSeconds(9)));

    assertThat(bench.standing(id(order))).isEqualTo("PREPARING 2");
    assertThat(bench.colasAt(barId)).isEqualTo(8);
    assertThat(bench.told(id(order)))
        .containsExactly(
            new OrderRequested(id(order), 1, NOW, barId),
            new PreparationStarted(id(order), 2, NOW, barId));
  }

  @Test
  void orders_that_come_to_two_processes_at_once_are_taken_in_once() {
    List<Told<OrderPlaced>> orders = Stream.generate(() -> order(barId, 1)).limit(100).toList();
    await(bench.menus.change(barId, "cola", null, null, true, 1000, NOW, TRACE));

    await(
        Future.all(
            bench.requests.takeIn(orders, NOW), neighbour.requests.takeIn(orders.reversed(), NOW)));

    assertThat(bench.rows("SELECT 1 FROM order_request WHERE bar_id = $1", barId)).hasSize(100);
    assertThat(bench.colasAt(barId)).isEqualTo(900);
  }

  @Test
  void a_cancel_that_overtakes_its_order_leaves_a_tombstone_that_the_order_meets() {
    Told<OrderPlaced> order = order(barId, 2);

    assertThat(cancel(id(order))).isEqualTo(reply(CANCELLED, OrderStatus.CANCELLED, 1));
    await(bench.requests.takeIn(List.of(order), NOW));

    assertThat(bench.standing(id(order))).isEqualTo("CANCELLED 1");
    assertThat(move(id(order), Step.START)).isEqualTo(new Moved(OrderStatus.CANCELLED, false));
    assertThat(bench.colasAt(barId)).isEqualTo(10);
    assertThat(bench.told(id(order)))
        .hasSize(2)
        .containsOnly(new OrderRequestCancelled(id(order), 1, NOW, barId));
    assertThat(cancel(id(order))).isEqualTo(reply(CANCELLED, OrderStatus.CANCELLED, 1));
    assertThat(bench.colasAt(barId)).isEqualTo(10);
  }

  @Test
  void a_cancel_is_answered_the_same_again_and_again_and_told_once() {
    UUID orderId = takenIn(2);
    Cancel.Reply cancelled = reply(CANCELLED, OrderStatus.CANCELLED, 2);

    assertThat(cancel(orderId)).isEqualTo(cancelled);
    assertThat(await(neighbour.cancel(orderId, barId))).isEqualTo(cancelled);

    assertThat(bench.colasAt(barId)).isEqualTo(10);
    assertThat(bench.told(orderId))
        .containsExactly(
            new OrderRequested(orderId, 1, NOW, barId),
            new OrderRequestCancelled(orderId, 2, NOW, barId));
  }

  @Test
  void cancels_that_come_together_are_answered_each_for_itself() {
    UUID started = takenIn(1);
    move(started, Step.START);
    UUID placed = takenIn(2);
    UUID unseen = UUID.randomUUID();
    List<Wish> wishes =
        Stream.of(started, placed, unseen, placed)
            .map(orderId -> new Wish(orderId, barId, TRACE))
            .toList();

    assertThat(await(bench.requests.cancel(wishes, NOW)))
        .containsExactly(
            reply(TOO_LATE, OrderStatus.PREPARING, 2),
            reply(CANCELLED, OrderStatus.CANCELLED, 2),
            reply(CANCELLED, OrderStatus.CANCELLED, 1),
            reply(CANCELLED, OrderStatus.CANCELLED, 2));
    assertThat(bench.colasAt(barId)).isEqualTo(9);
    assertThat(bench.told(placed)).hasSize(2);
    assertThat(bench.told(unseen))
        .containsExactly(new OrderRequestCancelled(unseen, 1, NOW, barId));
  }

  @Test
  void a_cancel_that_comes_too_late_is_told_where_the_order_stands() {
    UUID orderId = takenIn(1);
    move(orderId, Step.START);
    move(orderId, Step.READY);

    assertThat(cancel(orderId)).isEqualTo(reply(TOO_LATE, OrderStatus.READY, 3));
    assertThat(bench.standing(orderId)).isEqualTo("READY 3");
    assertThat(bench.told(orderId).getLast()).isInstanceOf(OrderReady.class);
  }

  @Test
  void cancel_against_start_at_the_same_moment_has_exactly_one_winner() {
    int cancels = 0;
    int starts = 0;
    for (int round = 0; round < 40; round++) {
      List<Told<OrderPlaced>> orders = Stream.generate(() -> order(barId, 1)).limit(10).toList();
      await(bench.requests.takeIn(orders, NOW));
      List<Future<Cancel.Reply>> cancelled = new ArrayList<>();
      List<Future<Moved>> started = new ArrayList<>();
      for (Told<OrderPlaced> order : orders) {
        if (cancelled.size() % 2 == 0) {
          started.add(startAtNeighbour(id(order)));
          cancelled.add(bench.cancel(id(order), barId));
        } else {
          cancelled.add(bench.cancel(id(order), barId));
          started.add(startAtNeighbour(id(order)));
        }
      }
      for (int i = 0; i < orders.size(); i++) {
        Cancel.Reply reply = await(cancelled.get(i));
        Moved moved = await(started.get(i));
        boolean cancelWon = reply.outcome() == CANCELLED;
        UUID orderId = id(orders.get(i));

        assertThat(moved.moved()).isEqualTo(!cancelWon);
        assertThat(moved.now()).isEqualTo(reply.status());
        assertThat(bench.standing(orderId)).isEqualTo(reply.status() + " 2");
        assertThat(bench.told(orderId))
            .extracting(OrderRequestEvent::status)
            .containsExactly(OrderStatus.PLACED, reply.status());
        cancels += cancelWon ? 1 : 0;
        starts += cancelWon ? 0 : 1;
      }
    }
    assertThat(cancels).isPositive();
    assertThat(starts).isPositive();
  }

  @Test
  void undo_takes_one_step_back_each_time_and_makes_a_cancel_possible_again() {
    UUID orderId = takenIn(1);
    Stream.of(Step.START, Step.READY, Step.HAND_OVER).forEach(step -> move(orderId, step));

    assertThat(move(orderId, Step.UNDO)).isEqualTo(new Moved(OrderStatus.READY, true));
    assertThat(move(orderId, Step.UNDO)).isEqualTo(new Moved(OrderStatus.PREPARING, true));
    assertThat(move(orderId, Step.UNDO)).isEqualTo(new Moved(OrderStatus.PLACED, true));
    assertThat(move(orderId, Step.UNDO)).isEqualTo(new Moved(OrderStatus.PLACED, false));
    assertThat(bench.told(orderId).getLast())
        .isEqualTo(new StepUndone(orderId, 7, NOW, barId, OrderStatus.PLACED));
    assertThat(cancel(orderId)).isEqualTo(reply(CANCELLED, OrderStatus.CANCELLED, 8));
  }

  @Test
  void undo_never_brings_back_what_was_cancelled_or_rejected() {
    UUID cancelled = takenIn(1);
    UUID rejected = takenIn(1);
    cancel(cancelled);
    move(rejected, Step.REJECT);

    assertThat(move(cancelled, Step.UNDO)).isEqualTo(new Moved(OrderStatus.CANCELLED, false));
    assertThat(move(rejected, Step.UNDO)).isEqualTo(new Moved(OrderStatus.REJECTED, false));
    assertThat(bench.standing(cancelled)).isEqualTo("CANCELLED 2");
    assertThat(bench.standing(rejected)).isEqualTo("REJECTED 2");
  }

  @Test
  void a_rejection_is_told_with_its_reason() {
    Told<OrderPlaced> order = order(barId, 1);
    await(bench.requests.takeIn(List.of(order), NOW));
    await(bench.move(id(order), barId, Step.REJECT, "no ice left"));

    assertThat(bench.told(id(order)).getLast())
        .isEqualTo(new OrderRequestRejected(id(order), 2, NOW, barId, "no ice left"));
    assertThat(cancel(id(order))).isEqualTo(reply(TOO_LATE, OrderStatus.REJECTED, 2));
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void a_step_at_another_bars_order_finds_nothing_and_does_nothing(Step step) {
    UUID orderId = takenIn(1);
    move(orderId, Step.START);

    assertThat(await(bench.move(orderId, bench.newBar(), step))).isEqualTo(new Moved(null, false));
    assertThat(bench.standing(orderId)).isEqualTo("PREPARING 2");
    assertThat(bench.told(orderId)).hasSize(2);
  }

  @Test
  void a_step_that_is_not_allowed_or_holds_already_is_not_told() {
    UUID orderId = takenIn(1);

    assertThat(move(orderId, Step.READY)).isEqualTo(new Moved(OrderStatus.PLACED, false));
    assertThat(move(orderId, Step.START)).isEqualTo(new Moved(OrderStatus.PREPARING, true));
    assertThat(move(orderId, Step.START)).isEqualTo(new Moved(OrderStatus.PREPARING, false));
    assertThat(bench.told(orderId))
        .containsExactly(
            new OrderRequested(orderId, 1, NOW, barId),
            new PreparationStarted(orderId, 2, NOW, barId));
  }

  @Test
  void steps_taken_together_go_each_their_way_and_are_told_in_one_row() {
    UUID first = takenIn(1);
    UUID second = takenIn(1);
    UUID unknown = Ids.next();
    long before = outboxRows();

    List<Moved> moved =
        await(
            bench.requests.move(
                List.of(
                    wanted(second, Step.START, null),
                    wanted(unknown, Step.START, null),
                    wanted(first, Step.READY, null),
                    wanted(second, Step.READY, null),
                    wanted(first, Step.REJECT, "no ice left"),
                    wanted(second, Step.START, null),
                    wanted(second, Step.UNDO, null)),
                NOW));

    assertThat(moved)
        .containsExactly(
            new Moved(OrderStatus.PREPARING, true),
            new Moved(null, false),
            new Moved(OrderStatus.PLACED, false),
            new Moved(OrderStatus.READY, true),
            new Moved(OrderStatus.REJECTED, true),
            new Moved(OrderStatus.READY, false),
            new Moved(OrderStatus.PREPARING, true));
    assertThat(bench.told(second))
        .containsExactly(
            new OrderRequested(second, 1, NOW, barId),
            new PreparationStarted(second, 2, NOW, barId),
            new OrderReady(second, 3, NOW, barId),
            new StepUndone(second, 4, NOW, barId, OrderStatus.PREPARING));
    assertThat(bench.told(first).getLast())
        .isEqualTo(new OrderRequestRejected(first, 2, NOW, barId, "no ice left"));
    assertThat(outboxRows()).isEqualTo(before + 1);
  }

  private Wanted wanted(UUID orderId, Step step, String reason) {
    return new Wanted(orderId, barId, step, reason, TRACE);
  }

  private static long outboxRows() {
    return bench.rows("SELECT count(*) FROM outbox").getFirst().getLong(0);
  }

  private UUID takenIn(int colas) {
    Told<OrderPlaced> order = order(barId, colas);
    await(bench.requests.takeIn(List.of(order), NOW));
    return id(order);
  }

  private Cancel.Reply cancel(UUID orderId) {
    return await(bench.cancel(orderId, barId));
  }

  private Moved move(UUID orderId, Step step) {
    return await(bench.move(orderId, barId, step));
  }

  private Future<Moved> startAtNeighbour(UUID orderId) {
    return neighbour.move(orderId, barId, Step.START);
  }

  private static Cancel.Reply reply(Cancel.Outcome outcome, OrderStatus status, int version) {
    return new Cancel.Reply(outcome, status, version);
  }

  private static UUID id(Told<OrderPlaced> order) {
    return order.event().orderId();
  }
}
