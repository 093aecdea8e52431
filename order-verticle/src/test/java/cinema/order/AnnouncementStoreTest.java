package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.numbered;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.shared.service.Ids;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncementStoreTest extends TwoProcesses {
  private static final Duration UNCONFIRMED = Duration.ofSeconds(5);

  private final AnnouncementStore store = new AnnouncementStore(bench.database);

  @AfterEach
  void confirmAll() {
    bench.rows("DELETE FROM unconfirmed");
  }

  @Test
  void what_is_announced_again_is_the_very_event_that_was_told() {
    Asked asked = placed("no ice");

    List<Told<OrderEvent>> again = claim(placedAt(asked).plusSeconds(6), 10);

    assertThat(again).extracting(Told::event).containsExactly(numbered(asked, 1));
    assertThat(again).extracting(Told::event).isEqualTo(bench.told(id(asked)));
    assertThat(again.getFirst().trace().traceId()).isEqualTo(TRACE.traceId());
    assertThat(again.getFirst().trace().correlationId()).isEqualTo(TRACE.correlationId());
  }

  @Test
  void each_time_it_waits_twice_as_long_up_to_a_minute() {
    Asked asked = placed(null);
    List<Integer> seconds = new ArrayList<>();
    for (int second = 0; second < 300; second++) {
      if (!claim(placedAt(asked).plusSeconds(second), 10).isEmpty()) {
        seconds.add(second);
      }
    }

    assertThat(seconds).containsExactly(6, 12, 24, 48, 96, 156, 216, 276);
  }

  @Test
  void an_order_of_which_the_bar_has_said_anything_is_not_announced_again() {
    Asked confirmed = placed(null);
    Asked refused = placed(null);
    Asked cancelled = placed(null);
    Asked silent = placed(null);
    Instant now = placedAt(silent).plusSeconds(60);
    await(
        bench.store.follow(
            List.of(new Told<>(new OrderRequested(id(confirmed), 1, now, barId), TRACE)), now));
    await(bench.cancelling.refuse(id(refused), OrderStatus.PREPARING, 2));
    await(bench.cancel(id(cancelled), barId, now));

    assertThat(claim(now, 10))
        .extracting(told -> told.event().subject())
        .containsExactly(id(silent).toString());
  }

  /** There are none most of the time, but there may be many, and rows of many that were. */
  @Test
  void a_confirmed_order_is_found_by_its_id_however_few_there_were_when_that_was_planned() {
    await(bench.database.execute("DELETE FROM unconfirmed"));
    await(bench.database.execute("VACUUM ANALYZE unconfirmed"));

    String plan = Bench.plan(bench.database, OrderStore.CONFIRM);

    assertThat(plan).contains("Index Cond: (order_id = ANY ($1))");
  }

  @Test
  void an_order_whose_cancel_is_not_settled_is_announced_again() {
    Asked asked = placed(null);
    await(bench.cancelling.intend(List.of(id(asked)), placedAt(asked)));

    assertThat(claim(placedAt(asked).plusSeconds(6), 10)).hasSize(1);
  }

  @Test
  void those_announced_the_longest_ago_come_first() {
    List<Asked> asked = Stream.generate(() -> placed(null)).limit(3).toList();
    Instant now = placedAt(asked.getLast()).plusSeconds(60);
    bench.rows(
        "UPDATE unconfirmed SET announced_at = announced_at - interval '1 s' WHERE order_id = $1",
        id(asked.get(1)));

    assertThat(claim(now, 1))
        .extracting(told -> told.event().subject())
        .containsExactly(id(asked.get(1)).toString());
    assertThat(claim(now, 10)).hasSize(2);
  }

  @Test
  void two_processes_at_once_announce_each_order_once() {
    List<Asked> asked = Stream.generate(() -> asked(barId)).limit(200).toList();
    await(bench.placing.place(Ids.next(), asked));
    Instant now = Instant.now().plusSeconds(60);
    AnnouncementStore there = new AnnouncementStore(neighbour.database);
    List<Future<List<Told<OrderEvent>>>> claims = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      claims.add(
          i % 2 == 0
              ? bench.onLoop(() -> store.claim(now, UNCONFIRMED, 20))
              : neighbour.onLoop(() -> there.claim(now, UNCONFIRMED, 20)));
    }

    assertThat(claims.stream().flatMap(claim -> await(claim).stream()))
        .extracting(told -> told.event().subject())
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(100);
  }

  private List<Told<OrderEvent>> claim(Instant now, int most) {
    return await(bench.onLoop(() -> store.claim(now, UNCONFIRMED, most)));
  }

  /** Placed, and told at the same moment. */
  private Asked placed(String note) {
    Asked asked = asked(barId, UUID.randomUUID(), null, note);
    await(bench.placing.place(Ids.next(), List.of(asked)));
    bench.rows("UPDATE unconfirmed SET announced_at = placed_at WHERE order_id = $1", id(asked));
    return asked;
  }

  private static Instant placedAt(Asked asked) {
    return asked.placed().occurredAt();
  }
}
