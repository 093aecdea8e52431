package cinema.shared.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;

/** One text frame of a bar's live feed; {@code seq} is the bar's next number, without gaps. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FeedMessage.Snapshot.class, name = "snapshot"),
  @JsonSubTypes.Type(value = FeedMessage.OrderChanged.class, name = "order"),
  @JsonSubTypes.Type(value = FeedMessage.Removed.class, name = "removed"),
  @JsonSubTypes.Type(value = FeedMessage.AlarmChanged.class, name = "alarm")
})
public sealed interface FeedMessage {
  long seq();

  /**
   * Everything on the board as of {@code seq}; the first frame, and again when what a client missed
   * is gone.
   *
   * @param epoch names this numbering: another epoch means that earlier numbers say nothing
   * @param more true when these are only the oldest of those on the board, null otherwise; the
   *     others are told when they change, and by a later snapshot
   */
  record Snapshot(String epoch, long seq, List<Order> orders, Boolean more)
      implements FeedMessage {}

  record OrderChanged(long seq, Order order) implements FeedMessage {}

  /**
   * The order has left the board.
   *
   * @param reason the status that took it off
   */
  record Removed(long seq, UUID orderId, OrderStatus reason) implements FeedMessage {}

  record AlarmChanged(long seq, Alarm alarm) implements FeedMessage {}
}
