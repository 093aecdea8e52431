package cinema.view;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.PickupMessage;
import cinema.shared.contract.PickupMessage.Gone;
import cinema.shared.contract.PickupMessage.Numbers;
import cinema.shared.contract.PickupMessage.Pickup;
import cinema.shared.contract.PickupMessage.Shown;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What everybody sees on the screen over the counter. */
class PickupFeedTest extends ViewTest {
  private final String bar = "bar-" + UUID.randomUUID();

  @Test
  void numbers_show_while_they_are_prepared_and_ready() {
    OrderPlaced order = Orders.placed(bar);
    view.follow(order, Orders.alarm(order));
    Feed<PickupMessage> screen = open("");
    String epoch = epoch();
    assertThat(screen.next()).isEqualTo(new Numbers(epoch, 2, List.of()));

    view.follow(Orders.started(order));
    assertThat(screen.next()).isEqualTo(new Shown(3, 7, OrderStatus.PREPARING));
    view.follow(Orders.ready(order));
    assertThat(screen.next()).isEqualTo(new Shown(4, 7, OrderStatus.READY));
    Feed<PickupMessage> another = open("");
    assertThat(another.next())
        .isEqualTo(new Numbers(epoch, 4, List.of(new Pickup(7, OrderStatus.READY))));
    view.follow(Orders.handedOver(order));
    assertThat(screen.next()).isEqualTo(new Gone(5, 7));
    assertThat(another.next()).isEqualTo(new Gone(5, 7));
    screen.leave();
    another.leave();
  }

  @Test
  void alarms_do_not_show_and_what_comes_after_them_does() {
    OrderPlaced order = Orders.placed(bar);
    view.follow(order);
    Feed<PickupMessage> screen = open("");
    screen.next();

    view.follow(Orders.alarm(order));
    view.follow(Orders.started(order));

    assertThat(screen.next()).isEqualTo(new Shown(3, 7, OrderStatus.PREPARING));
    screen.leave();
  }

  @Test
  void who_comes_back_gets_what_was_missed() {
    OrderPlaced order = Orders.placed(bar);
    view.follow(order);
    view.follow(Orders.started(order));
    view.follow(Orders.alarm(order));
    view.follow(Orders.cancelled(order));

    Feed<PickupMessage> screen = open("?epoch=" + epoch() + "&since=2");

    assertThat(screen.next()).isEqualTo(new Gone(4, 7));
    screen.leave();
  }

  @Test
  void a_bar_where_nothing_has_happened_leaves_nothing_behind_and_shows_what_comes() {
    Feed<PickupMessage> screen = open("");
    assertThat(screen.next()).isEqualTo(new Numbers("", 0, List.of()));
    assertThat(feeds()).isZero();

    OrderPlaced order = Orders.placed(bar);
    view.follow(order);
    view.follow(Orders.started(order));

    PickupMessage last = screen.next();
    while (last.seq() < 2) {
      last = screen.next();
    }
    assertThat(last)
        .isIn(
            new Shown(2, 7, OrderStatus.PREPARING),
            new Numbers(epoch(), 2, List.of(new Pickup(7, OrderStatus.PREPARING))));
    screen.leave();
  }

  @Test
  void without_a_websocket_there_is_nothing_to_see() {
    assertThat(view.get("/feed/bars/" + bar + "/pickup", null).statusCode()).isEqualTo(426);
  }

  private Feed<PickupMessage> open(String query) {
    return view.openPickup("/feed/bars/" + bar + "/pickup" + query);
  }

  private String epoch() {
    return await(view.feeds.look(bar)).epoch();
  }

  private long feeds() {
    return await(
            view.database.execute("SELECT count(*) FROM feed WHERE bar_id = $1", Tuple.of(bar)))
        .iterator()
        .next()
        .getLong(0);
  }
}
