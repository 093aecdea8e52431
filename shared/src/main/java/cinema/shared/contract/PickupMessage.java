package cinema.shared.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One text frame of a bar's pickup screen, which everybody sees: numbers, and nothing personal.
 * {@code seq} is the bar's, as on its {@link FeedMessage feed}; much of what it counts does not
 * show here, so there are gaps.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PickupMessage.Numbers.class, name = "snapshot"),
  @JsonSubTypes.Type(value = PickupMessage.Shown.class, name = "number"),
  @JsonSubTypes.Type(value = PickupMessage.Gone.class, name = "gone")
})
public sealed interface PickupMessage {
  long seq();

  /** Whether a number shows: while its order is being prepared, and once it is ready. */
  static boolean shows(OrderStatus status) {
    return status == OrderStatus.PREPARING || status == OrderStatus.READY;
  }

  /** What becomes of the order's number. */
  static PickupMessage of(long seq, Order order) {
    return shows(order.status())
        ? new Shown(seq, order.pickupNumber(), order.status())
        : new Gone(seq, order.pickupNumber());
  }

  /** What shows of a board. */
  static PickupMessage of(FeedMessage.Snapshot board) {
    List<Pickup> numbers =
        board.orders().stream()
            .filter(order -> shows(order.status()))
            .map(order -> new Pickup(order.pickupNumber(), order.status()))
            .toList();
    return new Numbers(board.epoch(), board.seq(), numbers);
  }

  /**
   * @param status PREPARING or READY
   */
  record Pickup(int pickupNumber, OrderStatus status) {}

  /**
   * Everything on the screen as of {@code seq}; the first frame, and again when what a client
   * missed is gone.
   *
   * @param epoch as on the bar's feed; empty at a bar where nothing has happened yet
   */
  record Numbers(String epoch, long seq, List<Pickup> numbers) implements PickupMessage {}

  /**
   * @param status PREPARING or READY
   */
  record Shown(long seq, int pickupNumber, OrderStatus status) implements PickupMessage {}

  /** The number does not show any more, if it did. */
  record Gone(long seq, int pickupNumber) implements PickupMessage {}
}
