package cinema.chaos;

import java.util.UUID;

/**
 * One call of one client, from asking to being told.
 *
 * @param client who asked, for people
 * @param invoked before the call, in nanoseconds since the history began
 * @param returned after it
 */
record Operation(String client, Ask ask, long invoked, long returned, Outcome outcome) {

  /** What was asked for. */
  sealed interface Ask {}

  /**
   * An attempt to order; attempts of one customer with one key are one order.
   *
   * @param key the Idempotency-Key, which is the order's note as well: what its row says of the key
   *     is for the product alone to trust
   */
  record Place(UUID customerId, String key, Wish wish) implements Ask {}

  /**
   * @param customerId who asks, its owner or not
   */
  record Cancel(UUID customerId, UUID orderId) implements Ask {}

  /**
   * @param customerId who asks, its owner or not
   */
  record Look(UUID customerId, UUID orderId) implements Ask {}

  record Step(UUID orderId, BarStep step) implements Ask {}

  /**
   * What an order is to be.
   *
   * @param lines as {@link #line} writes them, in the order asked for, with a space between
   */
  record Wish(String barId, String lines, String name) {
    static String line(String itemId, int quantity) {
      return quantity + "*" + itemId;
    }
  }

  /**
   * The order that it is about.
   *
   * @return null for an attempt to order whose client was not told
   */
  UUID orderId() {
    return switch (ask) {
      case Place place ->
          outcome instanceof Outcome.Acknowledged acknowledged ? acknowledged.orderId() : null;
      case Cancel cancel -> cancel.orderId;
      case Look look -> look.orderId;
      case Step step -> step.orderId;
    };
  }
}
