package cinema.shared.events;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final String COUNT = "SELECT count(*) FROM outbox WHERE published_at ";

  private final String bar = Tale.unique("bar");
  private final Ear ear = new Ear(bar);
  private final Bench bench = Bench.withKafka(Tale.unique("teller"));

  private Database database;
  private EventPublisher publisher;
  private EventReader reader;

  /** Its clock is ahead, so that its relay takes up at once what is left behind. */
  private Outbox<OrderEvent> outbox;

  @BeforeEach
  void open() {
    database = bench.database("cinema/shared/events");
    publisher =
        bench.onLoop(
            () -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
    outbox = outbox(ahead(Duration.ofMinutes(1)));
  }

  @AfterEach
  void close() {
    bench.onLoop(
        () -> {
          outbox.stop();
          return (reader == null ? Future.succeededFuture() : reader.stop())
              .compose(stopped -> publisher.close());
        });
    bench.close();
  }

  @Test
  void an_event_told_in_a_transaction_arrives_with_its_trace_and_is_marked() {
    listen();
    bench.onLoop(outbox::look);
    Told<OrderEvent> told = Tale.of(bar);
    tell(told);
    eventually("it is heard", () -> ear.events().equals(List.of(told.event())));
    assertThat(ear.first().trace().traceId()).isEqualTo(told.trace().traceId());
    assertThat(ear.first().trace().correlationId()).isEqualTo(told.trace().correlationId());
    assertThat(Kafka.headers(Kafka.records(bench.settings(), "orders", bar).getFirst()))
        .containsEntry("ce_traceparent", told.trace().traceparent())
        .containsEntry("ce_id", told.event().subject() + ":1");
    eventually("it is marked", () -> count(COUNT + "IS NOT NULL") == 1);
  }

  @Test
  void a_transaction_that_is_rolled_back_tells_nothing() {
    listen();
    assertThatThrownBy(
            () ->
                bench.onLoop(
                    () ->
                        outbox.telling(
                            (connection, events) -> {
                              events.add(Tale.of(bar));
                              return Future.failedFuture("changed my mind");
                            })))
        .hasMessageContaining("changed my mind");
    Told<OrderEvent> next = Tale.of(bar);
    tell(next);
    eventually("the next is heard", () -> !ear.events().isEmpty());
    assertThat(ear.events()).containsExactly(next.event());
    assertThat(count("SELECT count(*) FROM outbox")).isOne();
  }

  @Test
  void what_a_dead_process_left_behind_is_relayed_in_its_order_with_its_traces() {
    listen();
    List<Told<OrderEvent>> first = Tale.of(3, bar);
    List<Told<OrderEvent>> second =
        List.of(new Told<>(Tale.of(bar).event(), Trace.of(null, "G12")));
    leave(first);
    leave(second);
    start(outbox);
    eventually("all are heard", () -> ear.events().size() == 4);
    assertThat(ear.events()).containsExactlyElementsOf(events(first, second));
    assertThat(ear.first().trace().traceId()).isEqualTo(first.getFirst().trace().traceId());
    assertThat(Kafka.headers(Kafka.records(bench.settings(), "orders", bar).getLast()))
        .containsEntry("ce_correlationid", "G12");
    eventually("both rows are marked", () -> count(COUNT + "IS NOT NULL") == 2);
  }

  @Test
  void how_much_is_not_told_and_since_when_is_among_the_metrics() {
    try (Meters meters = new Meters()) {
      row(Instant.now().minusSeconds(90), "NULL");
      row(Instant.now(), "NULL");
      row(Instant.now(), "now()");
      row(Instant.now(), "'-infinity'");
      Outbox<OrderEvent> watched = outbox(Clock.systemUTC());
      Function<String, Double> shown =
          name -> meters.value("intermission_outbox_" + name, "topic=\"orders\"");
      bench.onLoop(watched::countBacklog);

      assertThat(shown.apply("oldest_seconds")).isBetween(90.0, 120.0);
      assertThat(shown.apply("unpublished_rows")).isEqualTo(2);
      assertThat(shown.apply("lost_rows")).isEqualTo(1);

      start(watched);
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
    leave(Tale.of(1, bar));
    await(
        database.execute(
            "UPDATE outbox SET outbox_id = $1", Tuple.of(Ids.floor(now.minusSeconds(2)))));
    leave(Tale.of(1, bar));
    start(outbox(Clock.fixed(now, ZoneOffset.UTC)));
    eventually("the old row is relayed", () -> count(COUNT + "IS NOT NULL") == 1);
    assertThat(count(COUNT + "IS NULL")).isOne();
  }

  @Test
  void two_relays_publish_every_row_and_mark_it() {
    listen();
    List<Told<OrderEvent>> left = Tale.of(200, bar);
    left.forEach(each -> leave(List.of(each)));
    start(outbox);
    start(outbox(ahead(Duration.ofMinutes(1))));
    eventually("every row is marked", () -> count(COUNT + "IS NULL") == 0);
    eventually("every event is heard", () -> ear.events().containsAll(events(left)));
  }

  @Test
  void a_row_that_another_process_is_relaying_holds_nobody_up() {
    leave(Tale.of(1, bar));
    PgConnection other = begin();
    await(other.query("SELECT FROM outbox FOR UPDATE").execute());
    leave(Tale.of(1, bar));
    start(outbox);
    eventually("the other row is relayed", () -> count(COUNT + "IS NOT NULL") == 1);
    assertThat(count(COUNT + "IS NULL")).isOne();
    // That process dies.
    await(other.close());
    eventually("both are relayed", () -> count(COUNT + "IS NULL") == 0);
  }

  @Test
  void a_row_that_is_committed_late_with_an_older_id_is_relayed_all_the_same() {
    listen();
    Told<OrderEvent> late = Tale.of(bar);
    Told<OrderEvent> prompt = Tale.of(bar);
    PgConnection slow = begin();
    await(outbox.append(slow, List.of(late)));
    leave(List.of(prompt));
    start(outbox);
    eventually("the newer is relayed", () -> ear.events().equals(List.of(prompt.event())));
    await(slow.query("COMMIT").execute());
    eventually(
        "the older is relayed", () -> ear.events().equals(events(List.of(prompt), List.of(late))));
    await(slow.close());
  }

  @Test
  void published_rows_are_kept_for_a_day_as_a_journal() {
    Instant now = Instant.now();
    row(now.minus(Duration.ofHours(25)), "now()");
    row(now.minus(Duration.ofHours(25)), "NULL");
    row(now.minus(Duration.ofHours(23)), "now()");
    Outbox<OrderEvent> today = outbox(Clock.systemUTC());
    bench.onLoop(today::prune);
    assertThat(count(COUNT + "IS NULL")).isOne();
    assertThat(count(COUNT + "IS NOT NULL")).isOne();
    Outbox<OrderEvent> tomorrow = outbox(ahead(Duration.ofHours(2)));
    bench.onLoop(tomorrow::prune);
    assertThat(count(COUNT + "IS NULL")).isOne();
    assertThat(count(COUNT + "IS NOT NULL")).isZero();
  }

  @Test
  void pruning_keeps_up_with_any_number_of_rows() {
    String many =
        """
        INSERT INTO outbox
        SELECT ('00' || substr(gen_random_uuid()::text, 3))::uuid, 'orders', '{}', '{}', '{}', now()
          FROM generate_series(1, 12000)
        """;
    await(database.execute(many));
    bench.onLoop(outbox::prune);
    assertThat(count("SELECT count(*) FROM outbox")).isZero();
  }

  @Test
  void what_is_told_again_is_stored_nowhere() {
    listen();
    List<Told<OrderEvent>> told = Tale.of(2, bar);
    bench.onLoop(
        () -> {
          outbox.tellAgain(told);
          return Future.succeededFuture();
        });
    eventually("it is heard", () -> ear.events().equals(events(told)));
    assertThat(count("SELECT count(*) FROM outbox")).isZero();
  }

  @Test
  void what_is_new_does_not_wait_behind_a_long_backlog() {
    listen();
    List<Told<OrderEvent>> left = Tale.of(5 * Relay.ROWS, bar);
    left.forEach(each -> leave(List.of(each)));
    start(outbox);
    eventually("all are heard", () -> ear.events().containsAll(events(left)));
    Event inTheMiddle = left.get(2 * Relay.ROWS).event();
    assertThat(ear.events().indexOf(left.getLast().event()))
        .isLessThan(ear.events().indexOf(inTheMiddle));
    assertThat(ear.events().indexOf(left.getFirst().event()))
        .isLessThan(ear.events().indexOf(inTheMiddle));
    eventually("every row is marked", () -> count(COUNT + "IS NULL") == 0);
  }

  @Test
  void what_kafka_has_lost_comes_after_what_was_never_told_and_from_its_newest_on() {
    listen();
    List<Told<OrderEvent>> lost = Tale.of(2 * Relay.LOST_ROWS, bar);
    lost.forEach(each -> leave(List.of(each)));
    await(database.execute("UPDATE outbox SET published_at = '-infinity'"));
    List<Told<OrderEvent>> never = Tale.of(2 * Relay.ROWS, bar);
    never.forEach(each -> leave(List.of(each)));

    start(outbox);

    eventually("all is heard", () -> ear.events().size() == lost.size() + never.size());
    List<Event> heard = ear.events();
    assertThat(heard.subList(0, never.size())).hasSameElementsAs(events(never));
    List<Told<OrderEvent>> newest = lost.subList(Relay.LOST_ROWS, lost.size());
    assertThat(heard.subList(never.size(), never.size() + newest.size())).isEqualTo(events(newest));
    eventually("all is marked", () -> count(COUNT + "> '-infinity'") == heard.size());
  }

  @Test
  void rows_that_cannot_be_read_are_left_and_hold_nothing_up() {
    listen();
    int nonsense = 0;
    List<Told<OrderEvent>> left = Tale.of(3, bar);
    for (Told<OrderEvent> each : left) {
      for (int i = 0; i < Relay.ROWS; i++) {
        unreadable(i % 2 == 0 ? "OrderEaten" : "OrderCancelled");
        nonsense++;
      }
      leave(List.of(each));
    }
    unreadable("OrderEaten");
    start(outbox);
    eventually("the others are heard", () -> ear.events().containsAll(events(left)));
    eventually("the others are marked", () -> count(COUNT + "IS NOT NULL") == 3);
    assertThat(count(COUNT + "IS NULL")).isEqualTo(nonsense + 1);
  }

  private void unreadable(String type) {
    String insert = "INSERT INTO outbox VALUES ($1, 'orders', $2, $3, $4, NULL)";
    String[] trace = {Outbox.encode(Trace.begin())};
    await(
        database.execute(
            insert, Tuple.of(Ids.next(), new String[] {type}, trace, new String[] {"{"})));
  }

  private void listen() {
    reader =
        bench.onLoop(
            () -> {
              EventReader begun =
                  EventReader.together(
                      bench.vertx(), bench.settings(), List.of(Topic.ORDERS), publisher, ear);
              begun.start();
              return Future.succeededFuture(begun);
            });
  }

  private void tell(Told<OrderEvent> told) {
    bench.onLoop(
        () ->
            outbox.telling(
                (connection, events) -> {
                  events.add(told);
                  return Future.succeededFuture();
                }));
  }

  /** Stores events as one that dies before it can publish them. */
  private void leave(List<Told<OrderEvent>> events) {
    bench.onLoop(() -> database.transaction(connection -> outbox.append(connection, events)));
  }

  private void start(Outbox<OrderEvent> relaying) {
    bench.onLoop(
        () -> {
          relaying.start();
          return Future.succeededFuture();
        });
  }

  private Outbox<OrderEvent> outbox(Clock clock) {
    return new Outbox<>(bench.vertx(), database, publisher, Topic.ORDERS, clock);
  }

  private static Clock ahead(Duration ofTheTrueTime) {
    return Clock.offset(Clock.systemUTC(), ofTheTrueTime);
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

  private void row(Instant written, String published) {
    UUID id = Ids.floor(written);
    String insert = "INSERT INTO outbox VALUES ($1, 'orders', '{}', '{}', '{}', " + published + ")";
    UUID unique =
        new UUID(id.getMostSignificantBits(), UUID.randomUUID().getLeastSignificantBits());
    await(database.execute(insert, Tuple.of(unique)));
  }

  private long count(String sql) {
    return await(database.execute(sql)).iterator().next().getLong(0);
  }

  @SafeVarargs
  private static List<Event> events(List<Told<OrderEvent>>... told) {
    List<Event> events = new ArrayList<>();
    for (List<Told<OrderEvent>> each : told) {
      each.forEach(one -> events.add(one.event()));
    }
    return events;
  }
}
