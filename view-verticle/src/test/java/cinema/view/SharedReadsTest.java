package cinema.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedReadsTest {
  private final SharedReads<String, Integer> reads = new SharedReads<>();
  private final List<Promise<Integer>> begun = new ArrayList<>();

  private Future<Integer> ask(String key) {
    return reads.get(
        key,
        () -> {
          Promise<Integer> read = Promise.promise();
          begun.add(read);
          return read.future();
        });
  }

  @Test
  void who_asks_while_it_is_being_read_gets_the_same_answer() {
    Future<Integer> first = ask("lobby");
    Future<Integer> second = ask("lobby");
    begun.getFirst().complete(7);

    assertThat(begun).hasSize(1);
    assertThat(first.result()).isEqualTo(7);
    assertThat(second.result()).isEqualTo(7);
  }

  @Test
  void who_asks_for_something_else_or_later_has_it_read() {
    ask("lobby");
    ask("roof");
    assertThat(begun).hasSize(2);
    begun.getFirst().complete(7);

    Future<Integer> later = ask("lobby");

    assertThat(begun).hasSize(3);
    assertThat(later.isComplete()).isFalse();
  }

  @Test
  void a_read_that_failed_is_not_remembered() {
    Future<Integer> failing = ask("lobby");
    begun.getFirst().fail("away");
    assertThat(failing.failed()).isTrue();

    Future<Integer> again = ask("lobby");
    begun.getLast().complete(8);

    assertThat(again.result()).isEqualTo(8);
  }

  @Test
  void an_answer_that_is_there_at_once_is_not_remembered_either() {
    assertThat(reads.get("lobby", () -> Future.succeededFuture(1)).result()).isEqualTo(1);
    assertThat(reads.get("lobby", () -> Future.succeededFuture(2)).result()).isEqualTo(2);
  }
}
