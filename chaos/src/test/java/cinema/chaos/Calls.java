package cinema.chaos;

import cinema.chaos.Operation.Cancel;
import cinema.chaos.Operation.Step;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import cinema.shared.contract.OrderStatus;
import java.util.UUID;

/** Calls on one order, each from one moment to another. */
final class Calls {
  static final UUID ORDER = new UUID(1, 1);
  static final UUID OWNER = new UUID(2, 1);

  private Calls() {}

  static Operation ok(BarStep step, long from, long until, OrderStatus status) {
    return step(step, from, until, new Acknowledged(200, ORDER, status, 0));
  }

  static Operation refused(BarStep step, long from, long until, OrderStatus status) {
    return step(step, from, until, new Refused(409, "step-not-allowed", status));
  }

  static Operation absent(BarStep step, long from, long until) {
    return step(step, from, until, new Refused(404, "not-found", null));
  }

  static Operation unknown(BarStep step, long from, long until) {
    return step(step, from, until, new Unknown("silence"));
  }

  static Operation cancelled(long from, long until) {
    return cancel(from, until, new Acknowledged(200, ORDER, OrderStatus.CANCELLED, 0));
  }

  static Operation tooLate(long from, long until, OrderStatus status) {
    return cancel(from, until, new Refused(409, "too-late", status));
  }

  static Operation pending(long from, long until) {
    return cancel(from, until, new Pending());
  }

  static Operation unknownCancel(long from, long until) {
    return cancel(from, until, new Unknown("silence"));
  }

  static Operation step(BarStep step, long from, long until, Outcome outcome) {
    return new Operation("staff", new Step(ORDER, step), from, until, outcome);
  }

  static Operation cancel(long from, long until, Outcome outcome) {
    return new Operation("customer", new Cancel(OWNER, ORDER), from, until, outcome);
  }
}
