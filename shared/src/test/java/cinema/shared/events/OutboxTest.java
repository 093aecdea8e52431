package cinema.shared.events;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.contract.OrderEvent;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told in a transaction, and how long it is kept. */
class OutboxTest {
  private static final String COUNT = "SELECT count(*) FROM outbox WHERE published_at ";

  private final OutboxBench bench = new OutboxBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void an_event_told_in_a_transaction_arrives_with_its_trace_and_is_marked() {
    bench.listen();
    bench.onLoop(bench.outbox::look);
    Told<OrderEvent> told = Tale.of(bench.bar);
    bench.tell(told);
    eventually("it is heard", () -> bench.ear.events().equals(List.of(told.event())));
    assertThat(bench.ear.first().trace().traceId()).isEqualTo(told.trace().traceId());
    assertThat(bench.ear.first().trace().correlationId()).isEqualTo(told.trace().correlationId());
    assertThat(Kafka.headers(Kafka.records(bench.settings(), "orders", bench.bar).getFirst()))
        .containsEntry("ce_traceparent", told.trace().traceparent())
        .containsEntry("ce_id", told.event().subject() + ":1");
    eventually("it is marked", () -> bench.count(COUNT + "IS NOT NULL") == 1);
  }

  @Test
  void a_transaction_that_is_rolled_back_tells_nothing() {
    bench.listen();
    assertThatThrownBy(
            () ->
                bench.onLoop(
                    () ->
                        bench.outbox.telling(
                            (connection, events) -> {
                              events.add(Tale.of(bench.bar));
                              return Future.failedFuture("changed my mind");
                            })))
        .hasMessageContaining("changed my mind");
    Told<OrderEvent> next = Tale.of(bench.bar);
    bench.tell(next);
    eventually("the next is heard", () -> !bench.ear.events().isEmpty());
    assertThat(bench.ear.events()).containsExactly(next.event());
    assertThat(bench.count("SELECT count(*) FROM outbox")).isOne();
  }

  @Test
  void published_rows_are_kept_for_a_day_as_a_journal() {
    Instant now = Instant.now();
    bench.row(now.minus(Duration.ofHours(25)), "now()");
    bench.row(now.minus(Duration.ofHours(25)), "NULL");
    bench.row(now.minus(Duration.ofHours(23)), "now()");
    Outbox<OrderEvent> today = bench.outbox(Clock.systemUTC());
    bench.onLoop(today::prune);
    assertThat(bench.count(COUNT + "IS NULL")).isOne();
    assertThat(bench.count(COUNT + "IS NOT NULL")).isOne();
    Outbox<OrderEvent> tomorrow = bench.outbox(OutboxBench.ahead(Duration.ofHours(2)));
    bench.onLoop(tomorrow::prune);
    assertThat(bench.count(COUNT + "IS NULL")).isOne();
    assertThat(bench.count(COUNT + "IS NOT NULL")).isZero();
  }

  @Test
  void pruning_keeps_up_with_any_number_of_rows() {
    String many =
        """
        INSERT INTO outbox
        SELECT ('00' || substr(gen_random_uuid()::text, 3))::uuid, 'orders', '{}', '{}', '{}', now()
          FROM generate_series(1, 12000)
        """;
    bench.execute(many);
    bench.onLoop(bench.outbox::prune);
    assertThat(bench.count("SELECT count(*) FROM outbox")).isZero();
  }

  @Test
  void what_is_told_again_is_stored_nowhere() {
    bench.listen();
    List<Told<OrderEvent>> told = Tale.of(2, bench.bar);
    bench.onLoop(
        () -> {
          bench.outbox.tellAgain(told);
          return Future.succeededFuture();
        });
    eventually("it is heard", () -> bench.ear.events().equals(Tale.events(told)));
    assertThat(bench.count("SELECT count(*) FROM outbox")).isZero();
  }
}
