package cinema.shared.events;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Kafka keeps what it has here; that it is another one is only what the journal believes. */
class JournalTest {
  private static final String LOSE = "UPDATE journal SET topic_id = 'lost'";
  private static final String GENERATION = "SELECT max(generation) FROM journal";
  private static final String MARKED =
      "SELECT count(*) FROM outbox WHERE published_at > '-infinity'";
  private static final String UNMARKED =
      "SELECT count(*) FROM outbox WHERE coalesce(published_at, '-infinity') = '-infinity'";

  private final OutboxBench bench = new OutboxBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void what_is_published_before_the_journal_knows_its_topic_is_not_marked() {
    bench.tell(Tale.of(bench.bar));
    eventually("it is published", () -> published() == 1);
    look();
    Told<OrderEvent> next = Tale.of(bench.bar);
    bench.tell(next);
    eventually("the next is marked", () -> isMarked(next));
    assertThat(bench.count(UNMARKED)).isOne();
  }

  @Test
  void a_look_that_finds_more_records_than_before_loses_nothing() {
    look();
    bench.tell(Tale.of(bench.bar));
    eventually("it is marked", () -> bench.count(MARKED) == 1);
    long before = bench.count("SELECT sum(e) FROM journal, unnest(ends) AS e");
    look();
    assertThat(bench.count("SELECT sum(e) FROM journal, unnest(ends) AS e")).isGreaterThan(before);
    assertThat(bench.count(GENERATION)).isOne();
    assertThat(bench.count(MARKED)).isOne();
  }

  @Test
  void what_was_published_to_another_topic_is_published_again() {
    look();
    bench.tell(Tale.of(bench.bar));
    eventually("it is marked", () -> bench.count(MARKED) == 1);
    bench.execute(LOSE);
    look();
    assertThat(bench.count(GENERATION)).isEqualTo(2);
    assertThat(bench.count(UNMARKED)).isOne();
    bench.start(bench.outbox);
    eventually("it is published again", () -> published() == 2);
    eventually("it is marked again", () -> bench.count(MARKED) == 1);
  }

  @Test
  void what_was_published_to_a_topic_that_has_become_shorter_is_published_again() {
    look();
    bench.tell(Tale.of(bench.bar));
    eventually("it is marked", () -> bench.count(MARKED) == 1);
    bench.execute("UPDATE journal SET ends[3] = ends[3] + 1000000");
    look();
    assertThat(bench.count(GENERATION)).isEqualTo(2);
    assertThat(bench.count(UNMARKED)).isOne();
    look();
    assertThat(bench.count(GENERATION)).isEqualTo(2);
  }

  @Test
  void what_was_published_before_there_was_a_journal_is_published_again() {
    bench.execute(
        "INSERT INTO outbox VALUES (gen_random_uuid(), 'orders', '{}', '{}', '{}', now())");
    bench.execute(
        "INSERT INTO outbox VALUES (gen_random_uuid(), 'alarms', '{}', '{}', '{}', now())");
    look();
    assertThat(bench.count(GENERATION)).isOne();
    assertThat(bench.count(UNMARKED + " AND topic = 'orders'")).isOne();
    assertThat(bench.count(MARKED + " AND topic = 'alarms'")).isOne();
  }

  @Test
  void what_was_sent_in_an_older_generation_is_not_marked() {
    look();
    bench.execute("UPDATE journal SET generation = 2");
    bench.tell(Tale.of(bench.bar));
    eventually("it is published", () -> published() == 1);
    look();
    Told<OrderEvent> next = Tale.of(bench.bar);
    bench.tell(next);
    eventually("what is sent in the new one is marked", () -> isMarked(next));
    assertThat(bench.count(UNMARKED)).isOne();
  }

  @Test
  void a_mark_waits_for_a_loss_that_is_being_recorded_and_finds_the_new_generation() {
    look();
    PgConnection neighbour = bench.begin();
    await(neighbour.query("SELECT FROM journal FOR UPDATE").execute());
    await(neighbour.query("UPDATE journal SET generation = 2").execute());
    await(neighbour.query("UPDATE outbox SET published_at = NULL").execute());
    bench.tell(Tale.of(bench.bar));
    eventually("the mark waits", () -> waiting() == 1);
    await(neighbour.query("COMMIT").execute());
    eventually("the mark is done", () -> waiting() == 0);
    look();
    Told<OrderEvent> next = Tale.of(bench.bar);
    bench.tell(next);
    eventually("what is sent in the new one is marked", () -> isMarked(next));
    assertThat(bench.count(UNMARKED)).isOne();
    await(neighbour.close());
  }

  @Test
  void a_neighbour_that_records_how_far_kafka_is_holds_no_mark_up() {
    look();
    PgConnection neighbour = bench.begin();
    await(neighbour.query("UPDATE journal SET ends = ends").execute());
    bench.tell(Tale.of(bench.bar));
    eventually("it is marked", () -> bench.count(MARKED) == 1);
    await(neighbour.close());
  }

  @Test
  void of_two_processes_that_notice_a_loss_at_once_one_records_it() {
    Outbox<OrderEvent> neighbour = outbox(Topic.ORDERS);
    look();
    bench.onLoop(neighbour::look);
    bench.tell(Tale.of(bench.bar));
    eventually("it is marked", () -> bench.count(MARKED) == 1);
    for (int loss = 1; loss <= 5; loss++) {
      bench.execute(LOSE);
      bench.onLoop(() -> Future.all(bench.outbox.look(), neighbour.look()));
      assertThat(bench.count(GENERATION)).isEqualTo(1 + loss);
    }
    // Both believe in the new one.
    bench.tell(neighbour, Tale.of(bench.bar));
    bench.tell(Tale.of(bench.bar));
    eventually("both mark", () -> bench.count(MARKED) == 2);
  }

  @Test
  void of_a_compacted_topic_everything_is_told_instead_of_its_journal() {
    Outbox<MenuEvent> menus = outbox(Topic.MENUS);
    menus.whenLost(connection -> Future.succeededFuture(List.of(described(7))));
    bench.onLoop(menus::look);
    bench.onLoop(() -> menus.telling((connection, events) -> add(events, described(1))));
    eventually("it is marked", () -> bench.count(MARKED) == 1);
    bench.execute("DELETE FROM outbox");
    bench.execute(LOSE);
    bench.onLoop(menus::look);
    // This process dies: its neighbour tells it.
    assertThat(bench.count(UNMARKED)).isOne();
    bench.start(outbox(Topic.MENUS));
    eventually(
        "everything is told",
        () ->
            Kafka.records(bench.settings(), "menus", bench.bar).stream()
                .anyMatch(each -> each.value().contains("\"version\":7")));
    eventually("it is marked", () -> bench.count(UNMARKED) == 0);
  }

  private static Future<Void> add(List<Told<MenuEvent>> events, Told<MenuEvent> told) {
    events.add(told);
    return Future.succeededFuture();
  }

  private Told<MenuEvent> described(int version) {
    return new Told<>(new BarDescribed(bench.bar, version, Instant.now(), null), Trace.begin());
  }

  private <E extends Event> Outbox<E> outbox(Topic<E> topic) {
    return bench.outbox(topic, OutboxBench.ahead(Duration.ofMinutes(1)));
  }

  private void look() {
    bench.onLoop(bench.outbox::look);
  }

  private long published() {
    return Kafka.records(bench.settings(), "orders", bench.bar).size();
  }

  private boolean isMarked(Told<OrderEvent> told) {
    return bench.count(MARKED + " AND data[1] LIKE '%" + told.event().subject() + "%'") == 1;
  }

  /** Statements of this test's processes that wait for another's lock. */
  private long waiting() {
    return bench.count(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '"
            + bench.settings().service()
            + "'");
  }
}
