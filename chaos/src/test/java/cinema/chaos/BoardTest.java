package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Customer;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.FeedMessage.AlarmChanged;
import cinema.shared.contract.FeedMessage.OrderChanged;
import cinema.shared.contract.FeedMessage.Removed;
import cinema.shared.contract.FeedMessage.Snapshot;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BoardTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);

  private final AtomicLong clock = new AtomicLong();
  private final Board board = new Board("board 1", "lobby", clock::get);

  private static Order order(UUID id, OrderStatus status) {
    return order(id, status, "lobby");
  }

  private static Order order(UUID id, OrderStatus status, String barId) {
    Customer mina = new Customer("Mina", null);
    return new Order(
        id,
        barId,
        7,
        status,
        List.of(),
        0,
        "KRW",
        mina,
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        null);
  }

  private static Snapshot snapshot(String epoch, long seq, Order... orders) {
    return new Snapshot(epoch, seq, List.of(orders), null);
  }

  private void hear(FeedMessage... messages) {
    for (FeedMessage message : messages) {
      board.apply(message);
    }
  }

  private List<String> anomalies() {
    return board.watched().anomalies();
  }

  @Test
  void shows_what_the_feed_says() {
    hear(
        snapshot("e", 4, order(ONE, OrderStatus.PLACED)),
        new OrderChanged(5, order(TWO, OrderStatus.PLACED)),
        new AlarmChanged(6, null),
        new OrderChanged(7, order(ONE, OrderStatus.PREPARING)),
        new Removed(8, TWO, OrderStatus.CANCELLED));
    assertThat(board.watched().board())
        .containsOnly(java.util.Map.entry(ONE, OrderStatus.PREPARING));
    assertThat(board.orders()).extracting(Order::orderId).containsExactly(ONE);
    assertThat(anomalies()).isEmpty();
  }

  @Test
  void goes_on_where_it_was() {
    assertThat(board.resume()).isEmpty();
    hear(snapshot("e", 4), new AlarmChanged(5, null));
    assertThat(board.resume()).isEqualTo("?epoch=e&since=5");
    hear(snapshot("f", 2));
    assertThat(board.resume()).isEqualTo("?epoch=f&since=2");
    assertThat(anomalies()).isEmpty();
  }

  @Test
  void a_snapshot_replaces_everything() {
    hear(
        snapshot("e", 4, order(ONE, OrderStatus.PLACED)),
        snapshot("e", 9, order(TWO, OrderStatus.READY)));
    assertThat(board.watched().board()).containsOnlyKeys(TWO);
    assertThat(anomalies()).isEmpty();
  }

  @Test
  void a_snapshot_of_the_same_numbering_does_not_go_back() {
    hear(snapshot("e", 4), snapshot("e", 3));
    assertThat(anomalies()).containsExactly("a snapshot went back from 4 to 3");
  }

  @Test
  void a_number_left_out_is_a_gap() {
    hear(snapshot("e", 4), new AlarmChanged(6, null), new AlarmChanged(7, null));
    assertThat(anomalies()).containsExactly("6 followed 4");
  }

  @Test
  void a_number_told_again_is_one_too_many() {
    hear(snapshot("e", 4), new AlarmChanged(5, null), new AlarmChanged(5, null));
    assertThat(anomalies()).containsExactly("5 was told again after 5");
  }

  @Test
  void a_feed_begins_with_a_snapshot() {
    hear(new AlarmChanged(1, null));
    assertThat(anomalies()).containsExactly("the feed began with 1 instead of a snapshot");
  }

  @Test
  void what_was_cancelled_or_rejected_does_not_come_back() {
    hear(
        snapshot("e", 0),
        new Removed(1, ONE, OrderStatus.CANCELLED),
        new OrderChanged(2, order(ONE, OrderStatus.PLACED)),
        new Removed(3, TWO, OrderStatus.REJECTED),
        snapshot("e", 9, order(TWO, OrderStatus.PLACED)));
    assertThat(anomalies())
        .containsExactly(
            "2 shows " + ONE + " again, which had been cancelled or rejected",
            "9 shows " + TWO + " again, which had been cancelled or rejected");
  }

  @Test
  void what_was_handed_over_may_come_back_by_an_undo() {
    hear(
        snapshot("e", 0),
        new Removed(1, ONE, OrderStatus.HANDED_OVER),
        new OrderChanged(2, order(ONE, OrderStatus.READY)));
    assertThat(anomalies()).isEmpty();
  }

  @Test
  void only_open_orders_of_this_bar_belong_here_and_only_others_leave() {
    hear(
        snapshot("e", 0, order(ONE, OrderStatus.CANCELLED)),
        new OrderChanged(1, order(TWO, OrderStatus.PLACED, "roof")),
        new Removed(2, TWO, OrderStatus.READY));
    assertThat(anomalies())
        .containsExactly(
            "0 shows " + ONE + " at CANCELLED",
            "1 shows " + TWO + " of bar roof",
            "2 removes " + TWO + " for being READY");
  }

  @Test
  void remembers_when_an_order_was_first_shown() {
    clock.set(3);
    hear(snapshot("e", 0, order(ONE, OrderStatus.PLACED)));
    clock.set(5);
    hear(new OrderChanged(1, order(ONE, OrderStatus.PREPARING)));
    hear(new Removed(2, ONE, OrderStatus.CANCELLED));
    assertThat(board.watched().firstShown()).containsOnly(java.util.Map.entry(ONE, 3L));
  }

  @Test
  void what_cannot_be_read_is_told() {
    hear(snapshot("e", 4));
    board.unreadable("no JSON");
    assertThat(anomalies()).containsExactly("after 4 came what cannot be read: no JSON");
  }
}
