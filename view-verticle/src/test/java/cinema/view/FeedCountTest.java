package cinema.view;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.MyOrdersMessage;
import cinema.shared.contract.PickupMessage;
import cinema.shared.service.Ids;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.net.NetSocket;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a view says of its feeds, as whoever scrapes it reads it. */
@Isolated("it counts what happens in this JVM")
class FeedCountTest {
  private static final String BAR = "lobby";
  private static final String BOARD = "/feed/bars/" + BAR;

  private static Meters meters;
  private static RunningView view;

  @BeforeAll
  static void start() {
    meters = new Meters();
    view = new RunningView(Bench.withKafka("view"));
  }

  @AfterAll
  static void stop() {
    view.close();
    meters.close();
  }

  @Test
  void open_feeds_are_counted_by_whose_they_are_and_are_no_requests_in_flight() {
    UUID customerId = Ids.next();
    Feed<FeedMessage> board = view.open(BOARD, view.bench.staffToken(BAR));
    Feed<PickupMessage> first = view.openPickup(BOARD + "/pickup");
    Feed<PickupMessage> second = view.openPickup(BOARD + "/pickup");
    Feed<MyOrdersMessage> mine = view.openMyOrders("", view.bench.customerToken(customerId));
    board.next();
    first.next();
    second.next();
    mine.next();

    assertThat(open("board")).isEqualTo(1);
    assertThat(open("pickup")).isEqualTo(2);
    assertThat(open("my-orders")).isEqualTo(1);
    assertThat(meters.value("intermission_http_in_flight")).isZero();

    board.leave();
    first.leave();
    second.leave();
    mine.leave();
    eventually("all have left", () -> meters.value("intermission_feed_sockets") == 0);
    assertThat(meters.value("intermission_feed_cuts_total")).as("nobody was cut").isZero();
  }

  @Test
  void what_boards_are_sent_is_timed_from_when_it_happened() {
    Feed<FeedMessage> board = view.open(BOARD, view.bench.staffToken(BAR));
    board.nextSnapshot();
    double before = meters.value("intermission_event_to_board_seconds_count");

    view.follow(Orders.placed(BAR));
    board.next();

    assertThat(meters.value("intermission_event_to_board_seconds_count")).isEqualTo(before + 1);
    // Its orders are from another day than this one.
    assertThat(meters.value("intermission_event_to_board_seconds_sum")).isGreaterThan(3600);
    board.leave();
  }

  @Test
  void a_feed_that_is_cut_is_counted_with_the_reason() {
    String bar = "bar-" + UUID.randomUUID();
    NetSocket unread = view.openUnread("/feed/bars/" + bar, view.bench.staffToken(bar));
    double before = cut("too-slow");

    eventually(
        "it is cut",
        () -> {
          view.follow(Orders.placed(bar, Ids.next(), "x".repeat(60_000)));
          return cut("too-slow") == before + 1;
        });
    unread.close();
  }

  private static double open(String feed) {
    return meters.value("intermission_feed_sockets", "feed=\"" + feed + "\"");
  }

  private static double cut(String reason) {
    return meters.value("intermission_feed_cuts_total", "reason=\"" + reason + "\"");
  }
}
