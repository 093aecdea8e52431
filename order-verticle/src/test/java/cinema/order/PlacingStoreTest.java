package cinema.order;

import static cinema.order.Samples.TODAY;
import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.newBar;
import static cinema.order.Samples.numbered;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.order.PlaceOrder.Asked;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlacingStoreTest extends TwoProcesses {
  @Test
  void orders_with_their_keys_and_one_row_that_tells_of_them_are_stored_in_one_transaction() {
    Asked one = asked(barId, customerId, "key-1", null);
    Asked other = asked(barId, customerId, "key-2", "no ice");
    UUID outboxId = Ids.next();

    List<Integer> numbers =
        await(bench.onLoop(() -> bench.placing.place(outboxId, List.of(one, other))));

    assertThat(numbers).containsExactly(1, 2);
    assertThat(bench.told(id(one))).containsExactly(numbered(one, 1));
    assertThat(bench.told(id(other))).containsExactly(numbered(other, 2));
    List<UUID> ids = List.of(id(one), id(other));
    String transactions =
        """
        SELECT count(*), count(DISTINCT xmin::text) FROM (
          SELECT xmin FROM customer_order WHERE order_id = ANY($1)
          UNION ALL SELECT xmin FROM unconfirmed WHERE order_id = ANY($1)
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
    assertThat(
            await(bench.placing.place(Ids.next(), List.of(asked(barId), asked(otherBar), early))))
        .containsExactly(2, 1, 1);
    assertThat(place(asked(barId))).isEqualTo(3);
  }

  @Test
  void two_processes_together_give_each_pickup_number_once_and_leave_none_out() {
    List<Future<List<Integer>>> placed = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      OrderBench process = i % 2 == 0 ? bench : neighbour;
      List<Asked> batch = Stream.generate(() -> asked(barId)).limit(10).toList();
      placed.add(process.onLoop(() -> process.placing.place(Ids.next(), batch)));
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
    assertThat(bench.count("SELECT count(*) FROM unconfirmed WHERE order_id = $1", id(again)))
        .isZero();
    assertThat(await(bench.placing.placedWith(customerId, "key")).order().orderId())
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
        placed.add(process.onLoop(() -> process.placing.place(Ids.next(), batch)));
      }
    }

    List<Integer> numbers = placed.stream().flatMap(batch -> await(batch).stream()).toList();
    assertThat(numbers).hasSize(400);
    assertThat(numbers.stream().filter(number -> number > 0)).hasSize(200).doesNotHaveDuplicates();
    assertThat(bench.count("SELECT count(*) FROM customer_order WHERE bar_id = $1", barId))
        .isEqualTo(200);
  }

  @Test
  void a_key_is_looked_up_without_reading_all_orders_even_when_there_are_few() {
    String plan = Bench.plan(bench.database, PlacingStore.PLACE);

    assertThat(plan).contains("customer_order_key on customer_order").doesNotContain("Seq Scan on");
  }

  @Test
  void orders_without_a_key_are_all_placed() {
    Asked one = asked(barId, customerId, null, null);
    Asked other = asked(barId, customerId, null, null);

    assertThat(await(bench.placing.place(Ids.next(), List.of(one, other)))).containsExactly(1, 2);
  }

  @Test
  void a_batch_that_fails_leaves_nothing_and_burns_no_key() {
    Asked good = asked(barId, customerId, "key", null);
    Asked bad = asked(barId, customerId, "other-key", "\0");

    assertThatThrownBy(() -> await(bench.placing.place(Ids.next(), List.of(good, bad))))
        .isInstanceOf(PgException.class)
        .matches(Database::refusesData);
    assertThat(await(bench.placing.placedWith(customerId, "key"))).isNull();
    assertThat(bench.told(id(good))).isEmpty();
    assertThat(await(bench.store.find(id(good), customerId))).isNull();
    assertThat(place(good)).isEqualTo(1);
  }

  @Test
  void what_a_key_has_placed_is_remembered_as_it_was_then() {
    Asked asked = asked(barId, customerId, "key", null);
    place(asked);
    await(bench.cancel(id(asked), barId, Instant.EPOCH));

    assertThat(await(bench.placing.placedWith(customerId, "key")))
        .isEqualTo(new PlacingStore.Before("fingerprint", numbered(asked, 1).order()));
  }
}
