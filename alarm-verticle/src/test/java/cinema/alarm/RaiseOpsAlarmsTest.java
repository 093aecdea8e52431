package cinema.alarm;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.events.DeadLetter;
import cinema.shared.service.Database;
import cinema.shared.service.Metrics;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RaiseOpsAlarmsTest {
  private final Bench bench = Bench.of("alarm");
  private final Database database = bench.database("cinema/alarm/migrations");
  private final OpsAlarmStore store = new OpsAlarmStore(database);
  private final Clock clock = Clock.systemUTC();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void an_alarm_is_raised_once_for_each_service_however_often_its_letter_comes() {
    DeadLetter byView = letter(7, "view", "a:1");
    DeadLetter bySnackbar = letter(7, "snackbar", "a:1");

    assertThat(raise(byView, bySnackbar, byView)).hasSize(2);
    assertThat(raise(byView, letter(8, "view", "b:1")))
        .extracting(OpsAlarm::offset)
        .containsExactly(8L);
    assertThat(open()).hasSize(3);
  }

  @Test
  void an_alarm_that_was_seen_to_stays_so_however_often_its_letter_comes() {
    DeadLetter letter = letter(7, "view", "a:1");
    raise(letter);

    on(redriven(letter));

    assertThat(open()).isEmpty();
    assertThat(raise(letter)).isEmpty();
    assertThat(open()).isEmpty();
  }

  @Test
  void a_letter_and_its_note_may_come_together() {
    DeadLetter letter = letter(7, "view", "a:1");

    on(letter, redriven(letter));

    assertThat(open()).isEmpty();
    assertThat(raise(letter)).isEmpty();
  }

  @Test
  void another_event_at_the_same_place_is_another_alarm() {
    DeadLetter before = letter(7, "view", "a:1");
    raise(before);
    on(redriven(before));

    // Kafka has lost what it had and counts from the beginning.
    assertThat(raise(letter(7, "view", "b:1"))).hasSize(1);
    on(redriven(before));

    assertThat(open()).extracting(OpsAlarm::event).containsExactly("b:1");
  }

  @Test
  void the_newest_come_first() {
    raise(letter(1, "view", "a:1"));
    RaiseOpsAlarms later = new RaiseOpsAlarms(store, Clock.offset(clock, Duration.ofMinutes(1)));
    bench.onLoop(() -> later.on(List.of(letter(2, "view", "b:1"))));

    assertThat(open()).extracting(OpsAlarm::offset).containsExactly(2L, 1L);
    assertThat(await(store.open(1))).hasSize(1);
  }

  @Test
  void what_killed_a_letter_does_not_kill_its_alarm() {
    assertThat(raise(new DeadLetter("orders", 1, 2, "view", "a NUL: \0", "\0", false))).hasSize(1);
  }

  @Test
  void how_many_are_open_is_among_the_metrics() {
    try (Meters meters = new Meters()) {
      RaiseOpsAlarms raiseOpsAlarms = new RaiseOpsAlarms(store, clock);
      raise(letter(1, "view", "a:1"));
      bench.onLoop(
          () -> {
            raiseOpsAlarms.start(bench.vertx(), Metrics.of(bench.settings()));
            return Future.succeededFuture();
          });
      eventually("one is open", () -> meters.value("intermission_ops_alarms_open") == 1);

      bench.onLoop(() -> raiseOpsAlarms.on(List.of(letter(2, "view", "b:1"))));

      eventually("two are open", () -> meters.value("intermission_ops_alarms_open") == 2);
    }
  }

  private List<OpsAlarm> raise(DeadLetter... letters) {
    return await(store.raiseAndSettle(List.of(letters), List.of(), clock.instant()));
  }

  private void on(DeadLetter... letters) {
    RaiseOpsAlarms raiseOpsAlarms = new RaiseOpsAlarms(store, clock);
    bench.onLoop(() -> raiseOpsAlarms.on(List.of(letters)));
  }

  private List<OpsAlarm> open() {
    return await(store.open(100));
  }

  private static DeadLetter letter(long offset, String service, String event) {
    return new DeadLetter("orders", 3, offset, service, "broken", event, false);
  }

  private static DeadLetter redriven(DeadLetter letter) {
    return new DeadLetter(
        letter.topic(),
        letter.partition(),
        letter.offset(),
        letter.service(),
        letter.reason(),
        letter.event(),
        true);
  }
}
