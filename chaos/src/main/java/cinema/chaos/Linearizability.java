package cinema.chaos;

import cinema.chaos.Operation.Cancel;
import cinema.chaos.Operation.Step;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import cinema.shared.contract.OrderStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether what was asked of one order and answered can have happened one after the other, at a bar
 * that does one thing at a time. A search after Wing and Gong (Testing and Verifying Concurrent
 * Objects, 1993), remembering what it has tried as Lowe does (Testing for Linearizability, 2017).
 *
 * <p>The bar: nothing → PLACED → PREPARING → READY → HANDED_OVER; REJECTED from PLACED and
 * PREPARING; CANCELLED from PLACED, or from nothing, since a cancel may overtake its order and
 * leaves a tombstone that the order meets; an undo leads one step back. Each move counts the
 * version up, beginning with 1, and nothing else does.
 *
 * <ul>
 *   <li>The order itself comes to the bar at any time after it was first asked for, or never.
 *   <li>An acknowledged call takes effect between its invocation and its return, and must lead to
 *       the status that was answered; a step that holds already and a cancel of what is cancelled
 *       change nothing.
 *   <li>A refused step (409) must find the bar, at one moment of the call, at the status that the
 *       refusal names, and that status must forbid the step. 404 says that the bar had no such
 *       order at one moment of the call.
 *   <li>A refused cancel (409) may come from order-verticle's own copy, which follows the bar: the
 *       status that it names must forbid a cancel and must have held at some moment before the
 *       return.
 *   <li>Other refusals have no effect and say nothing of the order.
 *   <li>An unknown call, and a cancel that was answered with 202, takes effect once, at any time
 *       after its invocation, or never.
 *   <li>In the end the bar stands at the status and version of its row.
 * </ul>
 */
final class Linearizability {
  /** As many calls to one order as a search can tell apart; the order's coming is one more. */
  static final int MOST_OPERATIONS = 62;

  private static final Set<OrderStatus> TOO_LATE =
      EnumSet.of(
          OrderStatus.PREPARING, OrderStatus.READY, OrderStatus.HANDED_OVER, OrderStatus.REJECTED);

  /**
   * Where the bar stands.
   *
   * @param status null when it does not have the order
   * @param seen a bit for each status that has held
   */
  private record Bar(OrderStatus status, int version, int seen) {
    static final Bar EMPTY = new Bar(null, 0, 0);

    Bar moved(OrderStatus now) {
      return new Bar(now, version + 1, seen | bit(now));
    }

    boolean hasStoodAt(OrderStatus once) {
      return (seen & bit(once)) != 0;
    }

    private static int bit(OrderStatus status) {
      return 1 << status.ordinal();
    }
  }

  /**
   * What a search has come to: which calls have had their moment, and where that leaves the bar.
   */
  private record Tried(long done, Bar bar) {}

  private final List<Operation> calls;
  private final long placedAt;
  private final OrderStatus finalStatus;
  private final int finalVersion;
  private final long certain;
  private final Set<Tried> tried = new HashSet<>();

  private Linearizability(
      long placedAt, List<Operation> calls, OrderStatus finalStatus, int finalVersion) {
    this.placedAt = placedAt;
    this.calls = calls;
    this.finalStatus = finalStatus;
    this.finalVersion = finalVersion;
    long bits = 0;
    for (int i = 0; i < calls.size(); i++) {
      bits |= mayNeverHappen(calls.get(i)) ? 0 : 1L << i;
    }
    this.certain = bits;
  }

  /** Whether the search can take so many. */
  static boolean canCheck(List<Operation> operations) {
    return relevant(operations).size() <= MOST_OPERATIONS;
  }

  /**
   * Whether there is an order of things that explains all answers and the end.
   *
   * @param placedAt when the order was first asked for, in the history's nanoseconds
   * @param operations on this one order by those who may; others are passed over
   * @param finalStatus of the bar's row; null when it has none
   * @param finalVersion of the bar's row; 0 when it has none
   */
  static boolean explains(
      long placedAt, List<Operation> operations, OrderStatus finalStatus, int finalVersion) {
    List<Operation> calls = relevant(operations);
    return new Linearizability(placedAt, calls, finalStatus, finalVersion).search(0, Bar.EMPTY);
  }

  /** The calls in one line, for people who look into an order that cannot be explained. */
  static String tell(List<Operation> operations) {
    return relevant(operations).stream()
        .map(
            call ->
                "%s [%.3f–%.3f s] %s"
                    .formatted(
                        call.ask() instanceof Step step ? step.step().path : "cancel",
                        call.invoked() / 1e9,
                        call.returned() / 1e9,
                        tell(call.outcome())))
        .collect(Collectors.joining("; "));
  }

  private static String tell(Outcome outcome) {
    return switch (outcome) {
      case Acknowledged yes -> yes.http() + " " + yes.status();
      case Refused no -> no.http() + " " + no.orderStatus();
      case Pending neither -> "202";
      case Unknown silence -> "unknown (" + silence.why() + ")";
    };
  }

  private static List<Operation> relevant(List<Operation> operations) {
    List<Operation> calls = new ArrayList<>();
    for (Operation operation : operations) {
      boolean ofBar = operation.ask() instanceof Cancel || operation.ask() instanceof Step;
      if (ofBar && saysSomething(operation)) {
        calls.add(operation);
      }
    }
    calls.sort(Comparator.comparingLong(Operation::invoked));
    return calls;
  }

  private static boolean saysSomething(Operation operation) {
    return !(operation.outcome() instanceof Refused no)
        || no.http() == 409
        || (no.http() == 404 && operation.ask() instanceof Step);
  }

  private static boolean mayNeverHappen(Operation call) {
    return call.outcome() instanceof Unknown || call.outcome() instanceof Pending;
  }

  private boolean search(long done, Bar bar) {
    if ((done & certain) == certain && bar.status == finalStatus && bar.version == finalVersion) {
      return true;
    }
    if (bar.version > finalVersion || !tried.add(new Tried(done, bar))) {
      return false;
    }
    long horizon = horizon(done);
    // The order's own coming: a bar that has a tombstone, or the order, does not notice it.
    if (bar.status == null && placedAt <= horizon && search(done, bar.moved(OrderStatus.PLACED))) {
      return true;
    }
    int offered = 0;
    for (int i = 0; i < calls.size() && calls.get(i).invoked() <= horizon; i++) {
      int alike = alike(calls.get(i));
      if ((done & (1L << i)) == 0 && (offered & alike) == 0) {
        offered |= alike;
        Bar after = after(bar, calls.get(i));
        if (after != null && search(done | (1L << i), after)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * A bit for each kind of call that may never happen; none for those that have. Where a later one
   * of a kind can have its moment an earlier one can too, and the later can have the earlier's: so
   * the first one speaks for all.
   */
  private static int alike(Operation call) {
    if (!mayNeverHappen(call)) {
      return 0;
    }
    return 1 << (call.ask() instanceof Step step ? step.step().ordinal() + 1 : 0);
  }

  /** Nothing that was asked for later than this can be next: somebody has been answered by then. */
  private long horizon(long done) {
    long horizon = Long.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      if ((certain & ~done & (1L << i)) != 0) {
        horizon = Math.min(horizon, calls.get(i).returned());
      }
    }
    return horizon;
  }

  /**
   * @return null when this call cannot have its moment here
   */
  private static Bar after(Bar bar, Operation call) {
    return switch (call.ask()) {
      case Step step -> afterStep(bar, step.step(), call.outcome());
      case Cancel cancel -> afterCancel(bar, call.outcome());
      case Operation.Place place -> null;
      case Operation.Look look -> null;
    };
  }

  private static Bar afterStep(Bar bar, BarStep step, Outcome outcome) {
    OrderStatus to = step.from(bar.status);
    return switch (outcome) {
      case Acknowledged yes -> {
        if (to != null && to == yes.status()) {
          yield bar.moved(to);
        }
        yield bar.status == yes.status() && step.alreadyHolds(bar.status) ? bar : null;
      }
      case Refused no -> {
        // With 404 the refusal names no status, as befits a bar that has no such order.
        boolean forbidden = to == null && !step.alreadyHolds(bar.status);
        boolean saysSo = (no.http() == 404) == (bar.status == null);
        yield saysSo && bar.status == no.orderStatus() && forbidden ? bar : null;
      }
      case Pending neither -> to == null ? null : bar.moved(to);
      case Unknown silence -> to == null ? null : bar.moved(to);
    };
  }

  private static Bar afterCancel(Bar bar, Outcome outcome) {
    boolean possible = bar.status == null || bar.status == OrderStatus.PLACED;
    Bar cancelled = possible ? bar.moved(OrderStatus.CANCELLED) : null;
    return switch (outcome) {
      case Acknowledged yes -> bar.status == OrderStatus.CANCELLED ? bar : cancelled;
      case Refused no -> {
        OrderStatus named = no.orderStatus();
        yield named != null && TOO_LATE.contains(named) && bar.hasStoodAt(named) ? bar : null;
      }
      case Pending neither -> cancelled;
      case Unknown silence -> cancelled;
    };
  }
}
