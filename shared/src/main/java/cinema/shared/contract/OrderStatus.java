package cinema.shared.contract;

import java.util.EnumSet;
import java.util.Set;

/** Where an order stands; the bar's order request uses the same words from PLACED on. */
public enum OrderStatus {
  PENDING_PAYMENT,
  PLACED,
  PREPARING,
  READY,
  HANDED_OVER,
  CANCELLED,
  REJECTED,
  PAYMENT_FAILED,
  /** A cancel was asked for and the bar has not answered yet: neither yes nor no. */
  CANCELLING;

  /** What a staff board shows: promised and not yet handed over. */
  public static final Set<OrderStatus> OPEN = EnumSet.of(PLACED, PREPARING, READY);

  public boolean isOpen() {
    return OPEN.contains(this);
  }
}
