package cinema.chaos;

import cinema.shared.contract.OrderStatus;
import java.util.UUID;

/** What a client was told. */
sealed interface Outcome {
  /**
   * Yes: it has happened.
   *
   * @param http the status of the answer
   * @param status where the order stands now, as the answer says
   * @param pickupNumber 0 when the answer has none
   */
  record Acknowledged(int http, UUID orderId, OrderStatus status, int pickupNumber)
      implements Outcome {}

  /**
   * No: it has not happened, and will not.
   *
   * @param http the status of the answer; 0 when nobody was there to be asked
   * @param problem the last word of the problem's type; empty when there was none
   * @param orderStatus where the order stands, as the refusal says; null when it does not
   */
  record Refused(int http, String problem, OrderStatus orderStatus) implements Outcome {}

  /** 202: neither yes nor no, but the wish is kept and will be settled. */
  record Pending() implements Outcome {}

  /** No answer, or one that says nothing: it may have happened, happen later, or never. */
  record Unknown(String why) implements Outcome {}
}
