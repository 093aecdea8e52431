package cinema.chaos;

import java.time.Duration;

/** Compares what clients were told with what there is. */
final class Checker {
  private final Duration deliveredWithin;

  /**
   * @param deliveredWithin how long an order may take to the boards while nothing is broken
   */
  Checker(Duration deliveredWithin) {
    this.deliveredWithin = deliveredWithin;
  }

  /**
   * @param truth read after the clients have stopped and everything had time to settle
   */
  Report check(History history, Truth truth) {
    Evidence evidence = new Evidence(history.operations(), truth);
    new CheckOrders(evidence).run();
    new CheckServices(evidence).run();
    int unchecked = new CheckCalls(evidence).run();
    new CheckBoards(evidence, deliveredWithin).run();
    return new Report(evidence.anomalies(), history.counts(), truth.orders().size(), unchecked);
  }
}
