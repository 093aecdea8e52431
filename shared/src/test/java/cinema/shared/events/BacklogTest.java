package cinema.shared.events;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a process left untold, Kafka lost or nobody can read: who tells it, and when. */
@ResourceLock(Meters.LOCK)
class BacklogTest {
  private static final String COUNT = "SELECT count(*) FROM outbox WHERE published_at ";

  private final OutboxBench bench = new OutboxBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void what_a_dead_process_left_behind_is_relayed_in_its_order_with_its_traces() {
    bench.listen();
    List<Told<OrderEvent>> first = Tale.of(3, bench.bar);
    List<Told<OrderEvent>> second =
        List.of(new Told<>(Tale.of(bench.bar).event(), Trace.of(null, "G12")));
    bench.leave(first);
    bench.leave(second);
    bench.start(bench.outbox);
    eventually("all are heard", () -> bench.ear.events().size() == 4);
    assertThat(bench.ear.events()).containsExactlyElementsOf(Tale.events(first, second));
    assertThat(bench.ear.first().trace().traceId()).isEqualTo(first.getFirst().trace().traceId());
    assertThat(Kafka.headers(Kafka.records(bench.settings(), "orders", bench.bar).getLast()))
        .containsEntry("ce_correlationid", "G12");
    eventually("both rows are marked", () -> bench.count(COUNT + "IS NOT NULL") == 2);
  }

  @Test
  void how_much_is_not_told_and_since_when_is_among_the_metrics() {
    try (Meters meters = new Meters()) {
      bench.row(Instant.now().minusSeconds(90), "NULL");
      bench.row(Instant.now(), "NULL");
      bench.row(Instant.now(), "now()");
      bench.row(Instant.now(), "'-infinity'");
      Outbox<OrderEvent> watched = bench.outbox(Clock.systemUTC());
      Function<String, Double> shown =
          name -> meters.value("intermission_outbox_" + name, "topic=\"orders\"");
      bench.onLoop(watched::countBacklog);

      assertThat(shown.apply("oldest_seconds")).isBetween(90.0, 120.0);
      assertThat(shown.apply("unpublished_rows")).isEqualTo(2);
      assertThat(shown.apply("lost_rows")).isEqualTo(1);

      bench.start(watched);
      eventually("all is told", () -> shown.apply("unpublished_rows") == 0);
      assertThat(shown.apply("oldest_seconds")).isZero();
      eventually("what was lost, too", () -> shown.apply("lost_rows") == 0);
      bench.onLoop(
          () -> {
            watched.stop();
            return Future.succeededFuture();
          });
    }
  }

  @Test
  void what_its_own_process_may_be_publishing_right_now_is_not_relayed() {
    Instant now = Instant.now();
    bench.leave(Tale.of(1, bench.bar));
    bench.execute("UPDATE outbox SET outbox_id = $1", Tuple.of(Ids.floor(now.minusSeconds(2))));
    bench.leave(Tale.of(1, bench.bar));
    bench.start(bench.outbox(Clock.fixed(now, ZoneOffset.UTC)));
    eventually("the old row is relayed", () -> bench.count(COUNT + "IS NOT NULL") == 1);
    assertThat(bench.count(COUNT + "IS NULL")).isOne();
  }

  @Test
  void two_relays_publish_every_row_and_mark_it() {
    bench.listen();
    List<Told<OrderEvent>> left = Tale.of(200, bench.bar);
    left.forEach(each -> bench.leave(List.of(each)));
    bench.start(bench.outbox);
    bench.start(bench.outbox(OutboxBench.ahead(Duration.ofMinutes(1))));
    eventually("every row is marked", () -> bench.count(COUNT + "IS NULL") == 0);
    eventually("every event is heard", () -> bench.ear.events().containsAll(Tale.events(left)));
  }

  @Test
  void a_row_that_another_process_is_relaying_holds_nobody_up() {
    bench.leave(Tale.of(1, bench.bar));
    PgConnection other = bench.begin();
    await(other.query("SELECT FROM outbox FOR UPDATE").execute());
    bench.leave(Tale.of(1, bench.bar));
    bench.start(bench.outbox);
    eventually("the other row is relayed", () -> bench.count(COUNT + "IS NOT NULL") == 1);
    assertThat(bench.count(COUNT + "IS NULL")).isOne();
    // That process dies.
    await(other.close());
    eventually("both are relayed", () -> bench.count(COUNT + "IS NULL") == 0);
  }

  @Test
  void a_row_that_is_committed_late_with_an_older_id_is_relayed_all_the_same() {
    bench.listen();
    Told<OrderEvent> late = Tale.of(bench.bar);
    Told<OrderEvent> prompt = Tale.of(bench.bar);
    PgConnection slow = bench.begin();
    await(bench.outbox.append(slow, List.of(late)));
    bench.leave(List.of(prompt));
    bench.start(bench.outbox);
    eventually("the newer is relayed", () -> bench.ear.events().equals(List.of(prompt.event())));
    await(slow.query("COMMIT").execute());
    eventually(
        "the older is relayed",
        () -> bench.ear.events().equals(Tale.events(List.of(prompt), List.of(late))));
    await(slow.close());
  }

  @Test
  void what_is_new_does_not_wait_behind_a_long_backlog() {
    bench.listen();
    List<Told<OrderEvent>> left = Tale.of(5 * Relay.ROWS, bench.bar);
    left.forEach(each -> bench.leave(List.of(each)));
    bench.start(bench.outbox);
    eventually("all are heard", () -> bench.ear.events().containsAll(Tale.events(left)));
    Event inTheMiddle = left.get(2 * Relay.ROWS).event();
    assertThat(bench.ear.events().indexOf(left.getLast().event()))
        .isLessThan(bench.ear.events().indexOf(inTheMiddle));
    assertThat(bench.ear.events().indexOf(left.getFirst().event()))
        .isLessThan(bench.ear.events().indexOf(inTheMiddle));
    eventually("every row is marked", () -> bench.count(COUNT + "IS NULL") == 0);
  }

  @Test
  void what_kafka_has_lost_comes_after_what_was_never_told_and_from_its_newest_on() {
    bench.listen();
    List<Told<OrderEvent>> lost = Tale.of(2 * Relay.LOST_ROWS, bench.bar);
    lost.forEach(each -> bench.leave(List.of(each)));
    bench.execute("UPDATE outbox SET published_at = '-infinity'");
    List<Told<OrderEvent>> never = Tale.of(2 * Relay.ROWS, bench.bar);
    never.forEach(each -> bench.leave(List.of(each)));

    bench.start(bench.outbox);

    eventually("all is heard", () -> bench.ear.events().size() == lost.size() + never.size());
    List<Event> heard = bench.ear.events();
    assertThat(heard.subList(0, never.size())).hasSameElementsAs(Tale.events(never));
    List<Told<OrderEvent>> newest = lost.subList(Relay.LOST_ROWS, lost.size());
    assertThat(heard.subList(never.size(), never.size() + newest.size()))
        .isEqualTo(Tale.events(newest));
    eventually("all is marked", () -> bench.count(COUNT + "> '-infinity'") == heard.size());
  }

  @Test
  void rows_that_cannot_be_read_are_left_and_hold_nothing_up() {
    bench.listen();
    int nonsense = 0;
    List<Told<OrderEvent>> left = Tale.of(3, bench.bar);
    for (Told<OrderEvent> each : left) {
      for (int i = 0; i < Relay.ROWS; i++) {
        unreadable(i % 2 == 0 ? "OrderEaten" : "OrderCancelled");
        nonsense++;
      }
      bench.leave(List.of(each));
    }
    unreadable("OrderEaten");
    bench.start(bench.outbox);
    eventually("the others are heard", () -> bench.ear.events().containsAll(Tale.events(left)));
    eventually("the others are marked", () -> bench.count(COUNT + "IS NOT NULL") == 3);
    assertThat(bench.count(COUNT + "IS NULL")).isEqualTo(nonsense + 1);
  }

  private void unreadable(String type) {
    String insert = "INSERT INTO outbox VALUES ($1, 'orders', $2, $3, $4, NULL)";
    String[] trace = {Outbox.encode(Trace.begin())};
    bench.execute(insert, Tuple.of(Ids.next(), new String[] {type}, trace, new String[] {"{"}));
  }
}
