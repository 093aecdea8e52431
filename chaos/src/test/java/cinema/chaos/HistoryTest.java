package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.chaos.History.Counts;
import cinema.chaos.Operation.Place;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import cinema.shared.contract.OrderStatus;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Unknown SILENCE = new Unknown("silence");
  private static final Refused BUSY = new Refused(503, "unavailable", null);
  private static final Acknowledged TAKEN =
      new Acknowledged(201, Calls.ORDER, OrderStatus.PLACED, 7);

  private final AtomicLong clock = new AtomicLong(100);
  private final History history = new History(clock::get);

  private void place(String key, Outcome outcome) throws InterruptedException {
    Place place = new Place(new UUID(2, 1), key, Scene.wish(key));
    history.note("customer", place, () -> outcome);
  }

  @Test
  void a_call_is_noted_with_the_time_before_and_after_it() throws InterruptedException {
    clock.set(105);
    history.note(
        "customer",
        new Operation.Look(Calls.OWNER, Calls.ORDER),
        () -> {
          clock.set(109);
          return SILENCE;
        });
    assertThat(history.operations())
        .containsExactly(
            new Operation("customer", new Operation.Look(Calls.OWNER, Calls.ORDER), 5, 9, SILENCE));
  }

  @Test
  void a_call_that_was_interrupted_is_noted_as_unknown() {
    assertThatThrownBy(
            () ->
                history.note(
                    "customer",
                    new Operation.Look(Calls.OWNER, Calls.ORDER),
                    () -> {
                      throw new InterruptedException();
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(history.operations())
        .extracting(Operation::outcome)
        .first()
        .isInstanceOf(Unknown.class);
  }

  @Test
  void attempts_with_one_key_are_one_order() throws InterruptedException {
    place("a", SILENCE);
    place("a", TAKEN);
    place("a", BUSY);
    place("b", SILENCE);
    place("b", BUSY);
    place("c", BUSY);
    place("c", SILENCE);
    place("d", BUSY);
    assertThat(history.counts()).containsEntry("place", new Counts(4, 1, 1, 2));
  }

  @Test
  void other_calls_count_each_for_itself_and_a_wish_is_not_certain() {
    history.add(Calls.pending(1, 2));
    history.add(Calls.cancelled(3, 4));
    history.add(Calls.unknown(BarStep.START, 1, 2));
    assertThat(history.counts())
        .containsEntry("cancel", new Counts(2, 1, 0, 1))
        .containsEntry("start", new Counts(1, 0, 0, 1));
  }
}
