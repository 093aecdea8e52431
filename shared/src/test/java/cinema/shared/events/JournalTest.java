package cinema.shared.events;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kafka keeps what it has here; that it is another one is only what the journal believes. */
class JournalTest {
  private static final String LOSE = "UPDATE journal SET topic_id = 'lost'";
  private static final String GENERATION = "SELECT max(generation) FROM journal";
  private static final String MARKED =
      "SELECT count(*) FROM outbox WHERE published_at > '-infinity'";
  private static final String UNMARKED =
      "SELECT count(*) FROM outbox WHERE coalesce(published_at, '-infinity') = '-infinity'";

  private final String bar = Tale.unique("bar");
  private final Bench bench = Bench.withKafka(Tale.unique("teller"));
  private final List<Outbox<?>> outboxes = new ArrayList<>();
  private Database database;
  private EventPublisher publisher;
  private Outbox<OrderEvent> outbox;

  @BeforeEach
  void open() {
    database = bench.database("cinema/shared/events");
    publisher =
        bench.onLoop(
            () -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
    outbox = outbox(Topic.ORDERS);
  }

  @AfterEach
  void close() {
    outboxes.forEach(Outbox::stop);
    bench.onLoop(publisher::close);
    bench.close();
  }

  @Test
  void what_is_published_before_the_journal_knows_its_topic_is_not_marked() {
    tell(Tale.of(bar));
    eventually("it is published", () -> published() == 1);
    look();
    Told<OrderEvent> next = Tale.of(bar);
    tell(next);
    eventually("the next is marked", () -> isMarked(next));
    assertThat(count(UNMARKED)).isOne();
  }

  @Test
  void a_look_that_finds_more_records_than_before_loses_nothing() {
    look();
    tell(Tale.of(bar));
    eventually("it is marked", () -> count(MARKED) == 1);
    long before = count("SELECT sum(e) FROM journal, unnest(ends) AS e");
    look();
    assertThat(count("SELECT sum(e) FROM journal, unnest(ends) AS e")).isGreaterThan(before);
    assertThat(count(GENERATION)).isOne();
    assertThat(count(MARKED)).isOne();
  }

  @Test
  void what_was_published_to_another_topic_is_published_again() {
    look();
    tell(Tale.of(bar));
    eventually("it is marked", () -> count(MARKED) == 1);
    run(LOSE);
    look();
    assertThat(count(GENERATION)).isEqualTo(2);
    assertThat(count(UNMARKED)).isOne();
    start(outbox);
    eventually("it is published again", () -> published() == 2);
    eventually("it is marked again", () -> count(MARKED) == 1);
  }

  @Test
  void what_was_published_to_a_topic_that_has_become_shorter_is_published_again() {
    look();
    tell(Tale.of(bar));
    eventually("it is marked", () -> count(MARKED) == 1);
    run("UPDATE journal SET ends[3] = ends[3] + 1000000");
    look();
    assertThat(count(GENERATION)).isEqualTo(2);
    assertThat(count(UNMARKED)).isOne();
    look();
    assertThat(count(GENERATION)).isEqualTo(2);
  }

  @Test
  void what_was_published_before_there_was_a_journal_is_published_again() {
    run("INSERT INTO outbox VALUES (gen_random_uuid(), 'orders', '{}', '{}', '{}', now())");
    run("INSERT INTO outbox VALUES (gen_random_uuid(), 'alarms', '{}', '{}', '{}', now())");
    look();
    assertThat(count(GENERATION)).isOne();
    assertThat(count(UNMARKED + " AND topic = 'orders'")).isOne();
    assertThat(count(MARKED + " AND topic = 'alarms'")).isOne();
  }

  @Test
  void what_was_sent_in_an_older_generation_is_not_marked() {
    look();
    run("UPDATE journal SET generation = 2");
    tell(Tale.of(bar));
    eventually("it is published", () -> published() == 1);
    look();
    Told<OrderEvent> next = Tale.of(bar);
    tell(next);
    eventually("what is sent in the new one is marked", () -> isMarked(next));
    assertThat(count(UNMARKED)).isOne();
  }

  @Test
  void a_mark_waits_for_a_loss_that_is_being_recorded_and_finds_the_new_generation() {
    look();
    PgConnection neighbour = begin();
    await(neighbour.query("SELECT FROM journal FOR UPDATE").execute());
    await(neighbour.query("UPDATE journal SET generation = 2").execute());
    await(neighbour.query("UPDATE outbox SET published_at = NULL").execute());
    tell(Tale.of(bar));
    eventually("the mark waits", () -> waiting() == 1);
    await(neighbour.query("COMMIT").execute());
    eventually("the mark is done", () -> waiting() == 0);
    look();
    Told<OrderEvent> next = Tale.of(bar);
    tell(next);
    eventually("what is sent in the new one is marked", () -> isMarked(next));
    assertThat(count(UNMARKED)).isOne();
    await(neighbour.close());
  }

  @Test
  void a_neighbour_that_records_how_far_kafka_is_holds_no_mark_up() {
    look();
    PgConnection neighbour = begin();
    await(neighbour.query("UPDATE journal SET ends = ends").execute());
    tell(Tale.of(bar));
    eventually("it is marked", () -> count(MARKED) == 1);
    await(neighbour.close());
  }

  @Test
  void of_two_processes_that_notice_a_loss_at_once_one_records_it() {
    Outbox<OrderEvent> neighbour = outbox(Topic.ORDERS);
    look();
    bench.onLoop(neighbour::look);
    tell(Tale.of(bar));
    eventually("it is marked", () -> count(MARKED) == 1);
    for (int loss = 1; loss <= 5; loss++) {
      run(LOSE);
      bench.onLoop(() -> Future.all(outbox.look(), neighbour.look()));
      assertThat(count(GENERATION)).isEqualTo(1 + loss);
    }
    // Both believe in the new one.
    tell(neighbour, Tale.of(bar));
    tell(Tale.of(bar));
    eventually("both mark", () -> count(MARKED) == 2);
  }

  @Test
  void of_a_compacted_topic_everything_is_told_instead_of_its_journal() {
    Outbox<MenuEvent> menus = outbox(Topic.MENUS);
    menus.whenLost(connection -> Future.succeededFuture(List.of(described(7))));
    bench.onLoop(menus::look);
    bench.onLoop(() -> menus.telling((connection, events) -> add(events, described(1))));
    eventually("it is marked", () -> count(MARKED) == 1);
    run("DELETE FROM outbox");
    run(LOSE);
    bench.onLoop(menus::look);
    // This process dies: its neighbour tells it.
    assertThat(count(UNMARKED)).isOne();
    start(outbox(Topic.MENUS));
    eventually(
        "everything is told",
        () ->
            Kafka.records(bench.settings(), "menus", bar).stream()
                .anyMatch(each -> each.value().contains("\"version\":7")));
    eventually("it is marked", () -> count(UNMARKED) == 0);
  }

  private static Future<Void> add(List<Told<MenuEvent>> events, Told<MenuEvent> told) {
    events.add(told);
    return Future.succeededFuture();
  }

  private Told<MenuEvent> described(int version) {
    return new Told<>(new BarDescribed(bar, version, Instant.now(), null), Trace.begin());
  }

  private <E extends Event> Outbox<E> outbox(Topic<E> topic) {
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
    Outbox<E> made = new Outbox<>(bench.vertx(), database, publisher, topic, ahead);
    outboxes.add(made);
    return made;
  }

  private void look() {
    bench.onLoop(outbox::look);
  }

  private void start(Outbox<?> relaying) {
    bench.onLoop(
        () -> {
          relaying.start();
          return Future.succeededFuture();
        });
  }

  private void tell(Told<OrderEvent> told) {
    tell(outbox, told);
  }

  private void tell(Outbox<OrderEvent> by, Told<OrderEvent> told) {
    bench.onLoop(
        () ->
            by.telling(
                (connection, events) -> {
                  events.add(told);
                  return Future.succeededFuture();
                }));
  }

  private long published() {
    return Kafka.records(bench.settings(), "orders", bar).size();
  }

  private boolean isMarked(Told<OrderEvent> told) {
    return count(MARKED + " AND data[1] LIKE '%" + told.event().subject() + "%'") == 1;
  }

  /** Statements of this test's processes that wait for another's lock. */
  private long waiting() {
    return count(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '"
            + bench.settings().service()
            + "'");
  }

  /** Another process in the middle of a transaction. */
  private PgConnection begin() {
    PgConnectOptions options =
        PgConnectOptions.fromUri(bench.settings().postgresUrl())
            .addProperty("search_path", bench.settings().schema());
    PgConnection connection = await(PgConnection.connect(bench.vertx(), options));
    await(connection.query("BEGIN").execute());
    return connection;
  }

  private void run(String sql) {
    await(database.execute(sql));
  }

  private long count(String sql) {
    return await(database.execute(sql)).iterator().next().getLong(0);
  }
}
