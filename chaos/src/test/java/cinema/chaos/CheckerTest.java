package cinema.chaos;

import static cinema.chaos.Scene.ORDER;
import static cinema.chaos.Scene.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Anomaly.Kind;
import cinema.chaos.Operation.Cancel;
import cinema.chaos.Operation.Look;
import cinema.chaos.Operation.Wish;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import cinema.chaos.Truth.AlarmRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.Trouble;
import cinema.chaos.Truth.ViewRow;
import cinema.shared.contract.OrderStatus;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final UUID OTHER = new UUID(1, 2);
  private static final UUID STRANGER = new UUID(2, 2);
  private static final Unknown SILENCE = new Unknown("silence");
  private static final Refused BUSY = new Refused(503, "unavailable", null);

  private static void finds(Scene scene, Kind... kinds) {
    assertThat(scene.check().anomalies()).extracting(Anomaly::kind).containsExactly(kinds);
  }

  private static void isClean(Scene scene) {
    assertThat(scene.check().anomalies()).isEmpty();
  }

  private static Scene cancelled() {
    return Scene.with(OrderStatus.CANCELLED, 2).add(Calls.cancelled(1, 2));
  }

  @Test
  void what_is_as_it_was_promised_is_no_anomaly() {
    isClean(Scene.placed());
    isClean(cancelled());
    isClean(
        Scene.with(OrderStatus.PREPARING, 2)
            .add(Calls.ok(BarStep.START, 1, 2, OrderStatus.PREPARING)));
  }

  @Test
  void an_order_that_was_acknowledged_and_is_not_there_is_lost() {
    finds(
        new Scene().told(Scene.attempt(), new Acknowledged(201, ORDER, OrderStatus.PLACED, 7)),
        Kind.LOST_ORDER);
  }

  @Test
  void an_order_whose_client_was_told_nothing_may_be_there_or_not() {
    isClean(new Scene().told(Scene.attempt(), SILENCE));
    isClean(
        new Scene()
            .told(Scene.attempt(), SILENCE)
            .told(Scene.attempt(), BUSY)
            .stored(ORDER, "key", 7, OrderStatus.PLACED, 1));
  }

  @Test
  void an_order_that_was_refused_or_never_asked_for_is_a_phantom() {
    finds(
        new Scene().told(Scene.attempt(), BUSY).stored(ORDER, "key", 7, OrderStatus.PLACED, 1),
        Kind.PHANTOM_ORDER);
    finds(new Scene().stored(ORDER, "key", 7, OrderStatus.PLACED, 1), Kind.PHANTOM_ORDER);
  }

  @Test
  void an_order_the_bar_does_not_have_is_lost_there() {
    Scene scene = Scene.placed();
    scene.requests.clear();
    finds(scene, Kind.LOST_AT_BAR);
    Scene tombstone = cancelled();
    tombstone.requests.put(
        ORDER, new RequestRow(ORDER, "lobby", OrderStatus.CANCELLED, 1, 0, null));
    finds(tombstone, Kind.LOST_AT_BAR);
  }

  @Test
  void an_order_needs_one_alarm() {
    Scene none = Scene.placed();
    none.alarms.clear();
    finds(none, Kind.LOST_ALARM);
    Scene onlyItsCancel = cancelled();
    onlyItsCancel.alarms.set(0, new AlarmRow(ORDER, "lobby", false, true));
    finds(onlyItsCancel, Kind.LOST_ALARM);
    Scene two = Scene.placed();
    two.alarms.add(two.alarms.getFirst());
    finds(two, Kind.DOUBLED_ALARM);
  }

  @Test
  void a_cancelled_order_has_no_open_alarm() {
    Scene scene = cancelled();
    scene.alarms.set(0, new AlarmRow(ORDER, "lobby", true, false));
    finds(scene, Kind.STATUS_DISAGREES);
  }

  @Test
  void an_order_the_view_does_not_have_is_lost_there() {
    Scene scene = Scene.with(OrderStatus.HANDED_OVER, 1);
    scene.requests.put(
        ORDER, new RequestRow(ORDER, "lobby", OrderStatus.HANDED_OVER, 4, 7, "2*cola-m"));
    scene
        .add(Calls.ok(BarStep.START, 1, 2, OrderStatus.PREPARING))
        .add(Calls.ok(BarStep.READY, 3, 4, OrderStatus.READY))
        .add(Calls.ok(BarStep.HAND_OVER, 5, 6, OrderStatus.HANDED_OVER));
    isClean(scene);
    scene.views.put(ORDER, new ViewRow(ORDER, "lobby", OrderStatus.HANDED_OVER, null, 0));
    finds(scene, Kind.LOST_ON_VIEW);
    scene.views.clear();
    finds(scene, Kind.LOST_ON_VIEW);
  }

  @Test
  void an_open_order_that_a_board_misses_is_lost_on_its_feed() {
    Scene scene = Scene.placed();
    scene.board.clear();
    finds(scene, Kind.LOST_ON_FEED);
  }

  @Test
  void one_key_makes_one_order() {
    Scene rows = Scene.placed().stored(OTHER, "key", 8, OrderStatus.PLACED, 1);
    finds(rows, Kind.DOUBLED_ORDER);
    Scene answers = Scene.placed();
    answers.told(Scene.attempt(), new Acknowledged(201, OTHER, OrderStatus.PLACED, 8));
    finds(answers, Kind.LOST_ORDER, Kind.DOUBLED_ORDER);
    Scene silence =
        new Scene()
            .told(Scene.attempt(), SILENCE)
            .stored(ORDER, "key", 7, OrderStatus.PLACED, 1)
            .stored(OTHER, "key", 8, OrderStatus.PLACED, 1);
    finds(silence, Kind.DOUBLED_ORDER);
  }

  @Test
  void a_pickup_number_is_given_once_in_a_bar_and_a_day() {
    Scene scene =
        Scene.placed()
            .told(new Operation.Place(OWNER, "two", Scene.wish("two")), SILENCE)
            .stored(OTHER, "two", 7, OrderStatus.PLACED, 1);
    finds(scene, Kind.DOUBLED_PICKUP_NUMBER);
  }

  @Test
  void what_stands_somewhere_and_is_no_order_is_a_phantom() {
    Scene scene = Scene.placed();
    scene.requests.put(OTHER, new RequestRow(OTHER, "lobby", OrderStatus.PLACED, 1, 8, "x"));
    finds(scene, Kind.PHANTOM_REQUEST);
    scene = Scene.placed();
    scene.alarms.add(new AlarmRow(OTHER, "lobby", true, false));
    finds(scene, Kind.PHANTOM_ALARM);
    scene = Scene.placed();
    scene.views.put(OTHER, new ViewRow(OTHER, "lobby", OrderStatus.REJECTED, OWNER, 8));
    finds(scene, Kind.PHANTOM_VIEW);
  }

  @Test
  void a_cancel_that_was_acknowledged_is_final_everywhere() {
    Scene everywhere = Scene.placed().add(Calls.cancelled(1, 2));
    finds(
        everywhere,
        Kind.CANCEL_NOT_FINAL,
        Kind.CANCEL_NOT_FINAL,
        Kind.CANCEL_NOT_FINAL,
        Kind.CANCEL_NOT_FINAL,
        Kind.NOT_LINEARIZABLE);
    Scene onBoard = cancelled();
    onBoard.board.put(ORDER, OrderStatus.PLACED);
    finds(onBoard, Kind.CANCEL_NOT_FINAL, Kind.GHOST_ON_BOARD);
  }

  @Test
  void who_was_told_that_it_is_cancelled_sees_it_cancelled() {
    Look look = new Look(OWNER, ORDER);
    Acknowledged placed = new Acknowledged(200, ORDER, OrderStatus.PLACED, 7);
    isClean(cancelled().add(new Operation("customer", look, 0, 9, placed)));
    finds(cancelled().add(new Operation("customer", look, 3, 4, placed)), Kind.CANCEL_NOT_FINAL);
  }

  @Test
  void a_cancel_that_waits_for_the_bar_may_go_either_way() {
    isClean(Scene.placed().add(Calls.pending(1, 2)));
    isClean(Scene.with(OrderStatus.CANCELLED, 2).add(Calls.pending(1, 2)));
  }

  @Test
  void all_services_agree_on_where_an_order_stands() {
    Scene bar = cancelled();
    bar.views.put(ORDER, new ViewRow(ORDER, "lobby", OrderStatus.REJECTED, OWNER, 7));
    finds(bar, Kind.STATUS_DISAGREES, Kind.CANCEL_NOT_FINAL);
    Scene view = Scene.with(OrderStatus.REJECTED, 2);
    view.add(Calls.ok(BarStep.REJECT, 1, 2, OrderStatus.REJECTED));
    view.views.put(ORDER, new ViewRow(ORDER, "lobby", OrderStatus.HANDED_OVER, OWNER, 7));
    finds(view, Kind.STATUS_DISAGREES);
    Scene request = Scene.placed();
    request.requests.put(
        ORDER, new RequestRow(ORDER, "lobby", OrderStatus.PREPARING, 2, 7, "2*cola-m"));
    request.add(Calls.unknown(BarStep.START, 1, 2));
    finds(request, Kind.STATUS_DISAGREES);
  }

  @Test
  void when_all_is_quiet_nothing_waits() {
    finds(Scene.placed().order(OWNER, Scene.wish("key"), 7, true, true), Kind.NOT_SETTLED);
    finds(Scene.placed().order(OWNER, Scene.wish("key"), 7, false, false), Kind.NOT_SETTLED);
  }

  @Test
  void what_a_board_found_wrong_with_its_feed_is_told() {
    Scene scene = Scene.placed();
    scene.feed.add("9 followed 7");
    finds(scene, Kind.FEED_GAP);
  }

  @Test
  void a_board_shows_only_what_is_open_and_as_it_is() {
    Scene unknown = Scene.placed();
    unknown.board.put(OTHER, OrderStatus.PLACED);
    finds(unknown, Kind.GHOST_ON_BOARD);
    Scene behind = Scene.placed();
    behind.board.put(ORDER, OrderStatus.READY);
    finds(behind, Kind.GHOST_ON_BOARD);
  }

  @Test
  void what_is_stored_is_what_was_asked_for_and_told() {
    finds(
        Scene.placed().order(OWNER, Scene.wish("key"), 8, false, true),
        Kind.ANSWER_DISAGREES,
        Kind.ANSWER_DISAGREES,
        Kind.ANSWER_DISAGREES);
    finds(
        Scene.placed().order(OWNER, new Wish("lobby", "1*nachos", "key"), 7, false, true),
        Kind.ANSWER_DISAGREES,
        Kind.ANSWER_DISAGREES);
    finds(
        Scene.placed().order(OWNER, new Wish("lobby", "2*cola-m", "Jun"), 7, false, true),
        Kind.ANSWER_DISAGREES);
    finds(
        Scene.placed().order(STRANGER, Scene.wish("key"), 7, false, true),
        Kind.ANSWER_DISAGREES,
        Kind.PHANTOM_ORDER,
        Kind.ANSWER_DISAGREES);
    finds(
        Scene.placed().stored(ORDER, "other", 7, OrderStatus.PLACED, 1),
        Kind.ANSWER_DISAGREES,
        Kind.ANSWER_DISAGREES,
        Kind.PHANTOM_ORDER,
        Kind.DOUBLED_ALARM);
    Scene view = Scene.placed();
    view.views.put(ORDER, new ViewRow(ORDER, "lobby", OrderStatus.PLACED, STRANGER, 7));
    finds(view, Kind.ANSWER_DISAGREES);
    Scene alarm = Scene.placed();
    alarm.alarms.set(0, new AlarmRow(ORDER, "roof", true, false));
    finds(alarm, Kind.ANSWER_DISAGREES);
  }

  @Test
  void an_owner_is_never_told_that_there_is_no_such_order() {
    Refused none = new Refused(404, "not-found", null);
    finds(
        Scene.placed().add(new Operation("customer", new Look(OWNER, ORDER), 1, 2, none)),
        Kind.ANSWER_DISAGREES);
    finds(Scene.placed().add(Calls.cancel(1, 2, none)), Kind.ANSWER_DISAGREES);
  }

  @Test
  void answers_that_contradict_one_another_are_found() {
    finds(
        Scene.placed().add(Calls.ok(BarStep.START, 1, 2, OrderStatus.PREPARING)),
        Kind.NOT_LINEARIZABLE);
  }

  @Test
  void an_order_with_too_many_calls_is_counted_as_not_checked() {
    Scene scene = Scene.placed();
    for (int i = 0; i <= Linearizability.MOST_OPERATIONS; i++) {
      scene.add(Calls.unknown(BarStep.READY, 1, 2));
    }
    assertThat(scene.check().unchecked()).isEqualTo(1);
    assertThat(scene.check().isClean()).isTrue();
  }

  @Test
  void a_stranger_learns_nothing_of_an_order_and_moves_nothing() {
    Acknowledged seen = new Acknowledged(200, ORDER, OrderStatus.PLACED, 7);
    Operation look = new Operation("x", new Look(STRANGER, ORDER), 1, 2, seen);
    finds(Scene.placed().add(look), Kind.STRANGER);
    Cancel cancel = new Cancel(STRANGER, ORDER);
    Refused tooLate = new Refused(409, "too-late", OrderStatus.PREPARING);
    finds(Scene.placed().add(new Operation("x", cancel, 1, 2, tooLate)), Kind.STRANGER);
    finds(Scene.placed().add(new Operation("x", cancel, 1, 2, new Pending())), Kind.STRANGER);
    finds(
        Scene.with(OrderStatus.CANCELLED, 2).add(new Operation("x", cancel, 1, 2, SILENCE)),
        Kind.NOT_LINEARIZABLE);
    Refused none = new Refused(404, "not-found", null);
    isClean(Scene.placed().add(new Operation("x", cancel, 1, 2, none)));
  }

  @Test
  void an_order_comes_to_a_board_in_time_unless_something_is_broken() {
    Scene scene = Scene.placed();
    scene.firstShown.put(ORDER, 1000L);
    isClean(scene);
    scene.firstShown.put(ORDER, 3001L);
    finds(scene, Kind.NOT_DELIVERED_IN_TIME);
    scene.troubles.add(new Trouble(2500, 2600));
    finds(scene, Kind.NOT_DELIVERED_IN_TIME);
    scene.troubles.add(new Trouble(900, 2100));
    isClean(scene);
  }

  @Test
  void a_report_counts_by_kind_and_tells_what_it_found() {
    Scene scene = Scene.placed();
    scene.board.clear();
    scene.feed.add("9 followed 7");
    scene.feed.add("12 followed 10");
    Report report = scene.check();
    assertThat(report.counts())
        .containsOnly(
            java.util.Map.entry(Kind.FEED_GAP, 2), java.util.Map.entry(Kind.LOST_ON_FEED, 1));
    assertThat(report.toString())
        .contains("1 asked, 1 acknowledged", "3 anomalies", "FEED_GAP: board 1: 9 followed 7");
  }
}
