package cinema.shared.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One text frame of a customer's own feed. It has no numbers: who was cut off, or has missed
 * something, is told everything again.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = MyOrdersMessage.Snapshot.class, name = "snapshot"),
  @JsonSubTypes.Type(value = MyOrdersMessage.Changed.class, name = "order")
})
public sealed interface MyOrdersMessage {
  /**
   * The first frame, and again whenever something may have been missed.
   *
   * @param orders the latest of the customer's orders, the newest first
   */
  record Snapshot(List<Order> orders) implements MyOrdersMessage {}

  /** An order that is new, or stands elsewhere than before; closed ones too. */
  record Changed(Order order) implements MyOrdersMessage {}
}
