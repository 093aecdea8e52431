package cinema.alarm;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmStoreTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static Bench bench;
  private static Database database;
  private static EventPublisher publisher;
  private static AlarmStore store;
  private static RaiseAlarms raiseAlarms;

  private final String bar = "bar-" + UUID.randomUUID();

  @BeforeAll
  static void open() {
    bench = Bench.withKafka("alarm");
    database = bench.database("cinema/alarm/migrations");
    publisher = new EventPublisher(bench.vertx(), bench.settings());
    Clock clock = Clock.systemUTC();
    store =
        new AlarmStore(
            database, new Outbox<>(bench.vertx(), database, publisher, Topic.ALARMS, clock));
    raiseAlarms = new RaiseAlarms(store, clock);
  }

  @AfterAll
  static void close() {
    await(publisher.close());
    bench.close();
  }

  @Test
  void an_order_raises_one_alarm_however_often_it_is_told() {
    OrderPlaced order = Orders.placed(bar, "Haneul");

    tell(order);
    tell(order, order);
    await(Future.all(telling(order), telling(order), telling(order)));

    assertThat(alarms(null))
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.orderId()).isEqualTo(order.orderId());
              assertThat(alarm.kind()).isEqualTo(Alarm.Kind.NEW_ORDER);
              assertThat(alarm.customer()).isEqualTo("Haneul");
              assertThat(alarm.summary()).isEqualTo("2 × Caramel popcorn, 1 × Cola");
              assertThat(alarm.raisedAt()).isNotNull();
              assertThat(alarm.acknowledgedAt()).isNull();
            });
    assertThat(told()).hasSize(1);
  }

  @Test
  void a_cancel_settles_the_alarm() {
    OrderPlaced order = Orders.placed(bar, "Haneul");
    tell(order);

    tell(Orders.cancelled(order));

    assertThat(alarms(false)).isEmpty();
    assertThat(alarms(true)).extracting(Alarm::orderId).containsExactly(order.orderId());
  }

  @Test
  void an_order_that_the_bar_has_begun_or_turned_down_needs_nobodys_attention() {
    OrderPlaced begun = Orders.placed(bar, "Haneul");
    OrderPlaced rejected = Orders.placed(bar, "Bora");
    OrderPlaced takenIn = Orders.placed(bar, "Sora");
    OrderPlaced heardOfLater = Orders.placed(bar, "Mina");
    tell(begun, rejected, takenIn);

    tell(Orders.started(begun), Orders.rejected(rejected), Orders.takenIn(takenIn));
    tell(Orders.started(heardOfLater));
    tell(heardOfLater);

    assertThat(alarms(false)).extracting(Alarm::customer).containsExactly("Sora");
    assertThat(alarms(true)).hasSize(3);
  }

  @Test
  void a_cancel_does_not_change_when_somebody_had_seen_to_it() {
    OrderPlaced order = Orders.placed(bar, "Haneul");
    tell(order);
    acknowledge(alarms(false).getFirst(), NOON);

    tell(Orders.cancelled(order));

    assertThat(alarms(true)).extracting(Alarm::acknowledgedAt).containsExactly(NOON);
    assertThat(told()).hasSize(2);
  }

  @Test
  void a_cancel_before_its_order_raises_nothing_and_the_order_then_an_acknowledged_alarm() {
    OrderPlaced order = Orders.placed(bar, "Haneul");

    tell(Orders.cancelled(order));
    assertThat(alarms(null)).isEmpty();
    assertThat(told()).isEmpty();

    tell(order);
    assertThat(alarms(false)).isEmpty();
    assertThat(alarms(true))
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.customer()).isEqualTo("Haneul");
              assertThat(alarm.summary()).isEqualTo("2 × Caramel popcorn, 1 × Cola");
              assertThat(alarm.acknowledgedAt()).isNotNull();
            });
  }

  @Test
  void an_order_placed_and_cancelled_in_one_batch_leaves_an_acknowledged_alarm() {
    OrderPlaced order = Orders.placed(bar, "Haneul");

    tell(Orders.cancelled(order), order);

    assertThat(alarms(false)).isEmpty();
    assertThat(alarms(true)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void an_alarm_names_nobody_who_was_forgotten_whatever_order_and_batches_events_come_in(
      String sequence) {
    for (int split = 0; split < 4; split++) {
      OrderPlaced order = Orders.placed(bar, "Haneul");
      Event[] events = {order, Orders.cancelled(order), Orders.forgotten(order)};
      List<Event> batch = new ArrayList<>();
      for (int i = 0; i < sequence.length(); i++) {
        batch.add(events[sequence.charAt(i) - '0']);
        if ((split >> i & 1) == 1) {
          tell(batch.toArray(Event[]::new));
          batch.clear();
        }
      }
      tell(batch.toArray(Event[]::new));
      tell(order);
    }

    assertThat(alarms(false)).isEmpty();
    assertThat(alarms(true)).hasSize(4).allMatch(alarm -> alarm.customer().isEmpty());
  }

  @Test
  void an_alarm_whose_customer_is_forgotten_rings_on_until_somebody_has_seen_to_it() {
    OrderPlaced raised = Orders.placed(bar, "Haneul");
    OrderPlaced raisedLater = Orders.placed(bar, "Bora");
    OrderPlaced atOnce = Orders.placed(bar, "Sora");
    tell(raised);

    tell(Orders.forgotten(raised), Orders.forgotten(raisedLater));
    tell(raisedLater);
    tell(atOnce, Orders.forgotten(atOnce));

    assertThat(alarms(false))
        .extracting(Alarm::orderId)
        .containsExactlyInAnyOrder(raised.orderId(), raisedLater.orderId(), atOnce.orderId());
    assertThat(alarms(false))
        .allMatch(alarm -> alarm.customer().isEmpty() && !alarm.summary().isEmpty());
    assertThat(told()).extracting(Event::version).containsExactly(1, 1, 1);
    assertThat(told())
        .extracting(told -> told.alarm().customer())
        .containsExactly("Haneul", "", "");
    Alarm open = alarms(false).getFirst();
    assertThat(acknowledge(open, NOON).customer()).isEmpty();
    assertThat(told().getLast().alarm().customer()).isEmpty();
  }

  @Test
  void acknowledging_again_gets_the_same_answer() {
    tell(Orders.placed(bar, "Haneul"));
    Alarm open = alarms(false).getFirst();

    Alarm first = acknowledge(open, NOON);
    Alarm again = acknowledge(open, NOON.plusSeconds(60));

    assertThat(first.acknowledgedAt()).isEqualTo(NOON);
    assertThat(again).isEqualTo(first);
    assertThat(told()).hasSize(2);
  }

  @Test
  void another_bars_alarm_is_not_found_and_stays_as_it_is() {
    tell(Orders.placed(bar, "Haneul"));
    Alarm alarm = alarms(false).getFirst();

    assertThat(await(store.acknowledge(alarm.alarmId(), "elsewhere", NOON, Trace.begin())))
        .isNull();
    assertThat(alarms(false)).containsExactly(alarm);
  }

  @Test
  void alarms_are_listed_newest_first_by_whether_somebody_has_seen_to_them() {
    OrderPlaced first = Orders.placed(bar, "Haneul");
    OrderPlaced second = Orders.placed(bar, "Bora");
    OrderPlaced third = Orders.placed(bar, "Sora");
    tell(first);
    tell(second);
    tell(third);
    tell(Orders.placed("other-" + bar, "Nobody here"));
    acknowledge(alarms(false).get(1), NOON);

    assertThat(alarms(false)).extracting(Alarm::customer).containsExactly("Sora", "Haneul");
    assertThat(alarms(true)).extracting(Alarm::customer).containsExactly("Bora");
    assertThat(alarms(null)).extracting(Alarm::customer).containsExactly("Sora", "Bora", "Haneul");
    assertThat(await(store.list(bar, null, 2)))
        .extracting(Alarm::customer)
        .containsExactly("Sora", "Bora");
  }

  @Test
  void what_becomes_of_an_alarm_is_told_with_versions_1_and_2() {
    tell(Orders.placed(bar, "Haneul"));
    Alarm open = alarms(false).getFirst();
    Alarm seen = acknowledge(open, NOON);

    assertThat(told())
        .extracting(Event::type, Event::version, AlarmEvent::alarm)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("AlarmRaised", 1, open),
            org.assertj.core.groups.Tuple.tuple("AlarmAcknowledged", 2, seen));
  }

  private static void tell(Event... events) {
    await(telling(events));
  }

  private static Future<Void> telling(Event... events) {
    List<Told<? extends Event>> batch = new ArrayList<>();
    for (Event event : events) {
      batch.add(new Told<>(event, Trace.begin()));
    }
    return raiseAlarms.on(batch);
  }

  private Alarm acknowledge(Alarm alarm, Instant now) {
    return await(store.acknowledge(alarm.alarmId(), bar, now, Trace.begin()));
  }

  private List<Alarm> alarms(Boolean acknowledged) {
    return await(store.list(bar, acknowledged, 50));
  }

  /** What the journal says was told of this bar's alarms. */
  private List<AlarmEvent> told() {
    List<AlarmEvent> events = new ArrayList<>();
    for (Row row : await(database.execute("SELECT types, data FROM outbox ORDER BY outbox_id"))) {
      String[] types = row.getArrayOfStrings("types");
      String[] data = row.getArrayOfStrings("data");
      for (int i = 0; i < types.length; i++) {
        AlarmEvent event = Wire.decode(data[i], Topic.ALARMS.types().get(types[i]));
        if (event.barId().equals(bar)) {
          events.add(event);
        }
      }
    }
    return events;
  }
}
