package cinema.shared.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An order as customers and staff see it.
 *
 * @param pickupNumber short number a person can call out; unique per bar and day
 * @param total in minor units of {@code currency} (ISO 4217)
 * @param seat null when the customer picks up at the bar, or has asked to be forgotten
 * @param note null when there is none any more
 * @param readyBy the time promised to the customer
 * @param reason why the bar rejected it; null otherwise
 */
public record Order(
    UUID orderId,
    String barId,
    int pickupNumber,
    OrderStatus status,
    List<Line> lines,
    long total,
    String currency,
    Customer customer,
    String seat,
    String note,
    Instant placedAt,
    Instant readyBy,
    String reason) {

  public Order withCustomer(Customer who) {
    return new Order(
        orderId,
        barId,
        pickupNumber,
        status,
        lines,
        total,
        currency,
        who,
        seat,
        note,
        placedAt,
        readyBy,
        reason);
  }

  public Order withStatus(OrderStatus now, String why) {
    return new Order(
        orderId,
        barId,
        pickupNumber,
        now,
        lines,
        total,
        currency,
        customer,
        seat,
        note,
        placedAt,
        readyBy,
        why);
  }
}
