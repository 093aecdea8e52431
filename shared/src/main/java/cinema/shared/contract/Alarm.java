package cinema.shared.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * Tells a bar that something happened.
 *
 * @param customer the customer's name; empty once the customer has asked to be forgotten
 * @param summary the lines in one sentence, such as {@code 2 × Caramel popcorn, 1 × Cola}
 * @param acknowledgedAt null until somebody has seen to it, or the order was cancelled
 */
public record Alarm(
    UUID alarmId,
    UUID orderId,
    Kind kind,
    String customer,
    String summary,
    Instant raisedAt,
    Instant acknowledgedAt) {

  /** What an alarm is about. */
  public enum Kind {
    NEW_ORDER
  }
}
