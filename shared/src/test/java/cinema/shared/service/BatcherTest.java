package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private static final Throwable REFUSED = new IllegalArgumentException("bad item");

  private final List<List<String>> writes = new ArrayList<>();
  private final Deque<Promise<List<String>>> inFlight = new ArrayDeque<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Batcher<String, String> batcher =
      new Batcher<>(3, 4, this::write, failure -> failure == REFUSED);

  @Test
  void an_idle_batcher_writes_at_once() {
    Future<String> popcorn = batcher.add("popcorn");

    assertThat(writes).containsExactly(List.of("popcorn"));
    assertThat(popcorn.isComplete()).isFalse();
    writeDone();
    assertThat(popcorn.result()).isEqualTo("POPCORN");
  }

  @Test
  void what_comes_while_a_write_is_in_flight_is_gathered_for_the_next() {
    batcher.add("first");
    Future<String> cola = batcher.add("cola");
    Future<String> water = batcher.add("water");

    assertThat(writes).hasSize(1);
    writeDone();
    assertThat(writes).containsExactly(List.of("first"), List.of("cola", "water"));
    writeDone();
    assertThat(cola.result()).isEqualTo("COLA");
    assertThat(water.result()).isEqualTo("WATER");
  }

  @Test
  void how_many_wait_and_how_many_are_written_together_is_among_the_metrics() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    batcher.measured(new Metrics(registry, "order"), "orders");
    List.of("first", "a", "b", "c", "d").forEach(batcher::add);

    assertThat(registry.get("intermission.batch.waiting").gauge().value()).isEqualTo(4);
    writeDone();
    assertThat(registry.get("intermission.batch.waiting").gauge().value()).isEqualTo(1);
    DistributionSummary sizes = registry.get("intermission.batch.size").summary();
    assertThat(sizes.count()).isEqualTo(2);
    assertThat(sizes.max()).isEqualTo(3);
    assertThat(sizes.getId().getTag("batch")).isEqualTo("orders");
  }

  @Test
  void no_more_are_written_together_than_allowed() {
    batcher.add("first");
    List<String> waiting = List.of("a", "b", "c", "d");
    waiting.forEach(batcher::add);
    writeDone();
    writeDone();

    assertThat(writes).containsExactly(List.of("first"), List.of("a", "b", "c"), List.of("d"));
  }

  @Test
  void after_a_batch_it_rests_twice_as_long_as_that_took_but_not_too_long() {
    Promise<Void> rested = Promise.promise();
    List<Long> rests = resting(rested.future());
    List.of("first", "a", "b").forEach(batcher::add);
    writeAfter(3);
    assertThat(writes).containsExactly(List.of("first"), List.of("a", "b"));
    writeAfter(3);

    assertThat(rests).containsExactly(6L);
    batcher.add("c");
    assertThat(writes).hasSize(2);
    rested.complete();
    assertThat(writes).endsWith(List.of("c"));
    writeAfter(900);
    assertThat(rests).containsExactly(6L, 12L);
  }

  @Test
  void a_rest_ends_when_as_many_have_come_as_were_written_together_lately() {
    List<Long> rests = resting(Promise.<Void>promise().future());
    List.of("first", "a", "b").forEach(batcher::add);
    writeAfter(3);
    writeAfter(3);
    batcher.add("a again");
    assertThat(writes).hasSize(2);
    batcher.add("b again");
    assertThat(writes).endsWith(List.of("a again", "b again"));

    batcher.add("a for the third time");
    batcher.add("b for the third time");
    writeAfter(3);
    assertThat(rests).as("nobody to wait for").containsExactly(6L);
  }

  @Test
  void after_some_smaller_batches_fewer_are_waited_for() {
    List<Promise<Void>> rests = new ArrayList<>();
    batcher.resting(
        nanos::get,
        millis -> {
          rests.add(Promise.promise());
          return rests.getLast().future();
        });
    List.of("first", "a", "b").forEach(batcher::add);
    writeAfter(3);
    writeAfter(3);
    for (int i = 0; i < 11; i++) {
      batcher.add("alone");
      assertThat(inFlight).as("one more is waited for").isEmpty();
      rests.getLast().complete();
      writeAfter(3);
    }

    batcher.add("enough");
    assertThat(writes).endsWith(List.of("alone"), List.of("enough"));
    rests.getLast().complete();
    assertThat(inFlight).as("a rest that was cut short is over").hasSize(1);
  }

  @Test
  void after_a_full_batch_it_rests_half_as_long_as_that_took_however_many_come() {
    Promise<Void> rested = Promise.promise();
    List<Long> rests = resting(rested.future());
    List.of("first", "a", "b", "c", "d").forEach(batcher::add);
    writeAfter(0);
    writeAfter(30);

    assertThat(rests).containsExactly(15L);
    List.of("e", "f").forEach(batcher::add);
    assertThat(writes).containsExactly(List.of("first"), List.of("a", "b", "c"));
    rested.complete();
    assertThat(writes).endsWith(List.of("d", "e", "f"));
  }

  @Test
  void the_rest_is_not_too_long_and_follows_a_write_that_failed_too() {
    List<Long> rests = resting(Future.succeededFuture());
    List.of("first", "a", "b", "c", "d").forEach(batcher::add);
    writeDone();
    nanos.addAndGet(900_000_000);
    inFlight.poll().fail("the database is away");

    assertThat(rests).containsExactly(50L);
    assertThat(writes).endsWith(List.of("d"));
  }

  /**
   * @return how long each rest was to be
   */
  private List<Long> resting(Future<Void> rested) {
    List<Long> rests = new ArrayList<>();
    batcher.resting(
        nanos::get,
        millis -> {
          rests.add(millis);
          return rested;
        });
    return rests;
  }

  private void writeAfter(int millis) {
    nanos.addAndGet(millis * 1_000_000L);
    writeDone();
  }

  @Test
  void a_refused_batch_is_halved_until_only_the_bad_item_fails() {
    batcher.add("first");
    List<Future<String>> added = Stream.of("a", "bad", "c").map(batcher::add).toList();
    writeDone();
    while (!inFlight.isEmpty()) {
      if (writes.getLast().contains("bad")) {
        writeFailed(REFUSED);
      } else {
        writeDone();
      }
    }

    assertThat(added.get(0).result()).isEqualTo("A");
    assertThat(added.get(1).cause()).isSameAs(REFUSED);
    assertThat(added.get(2).result()).isEqualTo("C");
    assertThat(writes).doesNotHaveDuplicates();
  }

  @Test
  void a_failure_that_is_not_the_datas_fault_fails_all_and_is_not_tried_again() {
    Throwable lost = new IllegalStateException("connection lost");
    batcher.add("first");
    List<Future<String>> added = Stream.of("a", "b").map(batcher::add).toList();
    writeDone();
    writeFailed(lost);

    assertThat(added).allMatch(each -> each.cause() == lost);
    assertThat(writes).hasSize(2);
    batcher.add("next");
    assertThat(writes).hasSize(3);
  }

  @Test
  void what_comes_while_as_many_wait_as_may_is_refused_at_once() {
    batcher.add("first");
    IntStream.range(0, 4).forEach(i -> batcher.add("item"));

    assertThat(batcher.add("one too many").cause()).isInstanceOf(Problem.Thrown.class);
    assertThat(batcher.waiting()).isEqualTo(4);
    writeDone();
    assertThat(batcher.add("again").failed()).isFalse();
  }

  private Future<List<String>> write(List<String> items) {
    writes.add(items);
    Promise<List<String>> written = Promise.promise();
    inFlight.add(written);
    return written.future();
  }

  private void writeDone() {
    inFlight.remove().complete(writes.getLast().stream().map(String::toUpperCase).toList());
  }

  private void writeFailed(Throwable failure) {
    inFlight.remove().fail(failure);
  }
}
