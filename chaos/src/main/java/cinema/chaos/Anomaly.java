package cinema.chaos;

import java.util.UUID;

/**
 * A promise that was not kept.
 *
 * @param orderId null when it is not about one order
 * @param sentence what was expected and what there is
 */
record Anomaly(Kind kind, UUID orderId, String sentence) {
  /** Which promise. */
  enum Kind {
    /** Answered 201, and there is no such order. */
    LOST_ORDER,
    /** The bar does not know of an order, or knows only of its cancel. */
    LOST_AT_BAR,
    LOST_ALARM,
    LOST_ON_VIEW,
    /** An order is open, and a watcher of its bar does not see it. */
    LOST_ON_FEED,
    /** One key has made several orders. */
    DOUBLED_ORDER,
    DOUBLED_ALARM,
    /** Two orders of a bar and a day have one pickup number. */
    DOUBLED_PICKUP_NUMBER,
    /** An order that nobody asked for, or that was refused. */
    PHANTOM_ORDER,
    PHANTOM_REQUEST,
    PHANTOM_ALARM,
    PHANTOM_VIEW,
    /** A cancel was answered 200, and the order lives. */
    CANCEL_NOT_FINAL,
    /** The services do not agree on where an order stands. */
    STATUS_DISAGREES,
    /** A cancel without answer, or an order that the bar has not confirmed, when all is quiet. */
    NOT_SETTLED,
    /** A feed left numbers out, told them twice, or brought back what was final. */
    FEED_GAP,
    /** A board shows what is not open, or at another status. */
    GHOST_ON_BOARD,
    /** What a client was told is not what is stored. */
    ANSWER_DISAGREES,
    /** No order of things explains all answers. */
    NOT_LINEARIZABLE,
    /** Somebody has seen or moved another's order, or learned that there is one. */
    STRANGER,
    /** An order came to the boards too late, though nothing was broken. */
    NOT_DELIVERED_IN_TIME
  }

  @Override
  public String toString() {
    return kind + (orderId == null ? "" : " " + orderId) + ": " + sentence;
  }
}
