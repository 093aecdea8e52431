package cinema.shared.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What order-verticle tells of an order, on topic {@code orders}. */
public sealed interface OrderEvent extends Event {
  UUID orderId();

  String barId();

  @Override
  default String key() {
    return barId();
  }

  @Override
  default String subject() {
    return orderId().toString();
  }

  /** An order was accepted; {@code occurredAt} is when it was placed. */
  record OrderPlaced(
      UUID orderId,
      int version,
      Instant occurredAt,
      String barId,
      UUID customerId,
      int pickupNumber,
      List<Line> lines,
      long total,
      String currency,
      Customer customer,
      String seat,
      String note,
      Instant readyBy)
      implements OrderEvent {

    /** The order as it was when it was placed. */
    public Order order() {
      return new Order(
          orderId,
          barId,
          pickupNumber,
          OrderStatus.PLACED,
          lines,
          total,
          currency,
          customer,
          seat,
          note,
          occurredAt,
          readyBy,
          null);
    }
  }

  /** The owner took the order back and the bar agreed. */
  record OrderCancelled(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderEvent {}

  /**
   * The customer has asked to be forgotten: nobody is to know or show whose order it was. It is no
   * step of the order, which goes on from wherever it stands; its version only names this event and
   * is compared with no other. It may come before the order itself.
   */
  record OrderForgotten(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderEvent {}
}
