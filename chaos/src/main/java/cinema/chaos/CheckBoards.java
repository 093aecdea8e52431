package cinema.chaos;

import cinema.chaos.Operation.Place;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Truth.Trouble;
import cinema.chaos.Truth.ViewRow;
import cinema.chaos.Truth.Watched;
import cinema.shared.contract.OrderStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Boards show what is open, all of it, without gaps, and in time. */
final class CheckBoards {
  private final Evidence evidence;
  private final long limit;
  private final List<Trouble> troubles;

  /**
   * @param limit how long an order may take to the boards while nothing is broken
   */
  CheckBoards(Evidence evidence, Duration limit) {
    this.evidence = evidence;
    this.limit = limit.toNanos();
    this.troubles = new ArrayList<>(evidence.truth.troubles());
    troubles.sort(Comparator.comparingLong(Trouble::from));
  }

  void run() {
    for (Watched watched : evidence.truth.watched()) {
      for (String sentence : watched.anomalies()) {
        evidence.found(Anomaly.Kind.FEED_GAP, null, "%s: %s", watched.name(), sentence);
      }
      watched.board().forEach((orderId, status) -> isOpen(watched, orderId, status));
    }
    evidence.truth.views().forEach(this::isShown);
    inTime();
  }

  private void isOpen(Watched watched, UUID orderId, OrderStatus shown) {
    OrderStatus open = evidence.openOnView(orderId);
    ViewRow view = evidence.views.get(orderId);
    if (open != shown || !view.barId().equals(watched.barId())) {
      evidence.found(
          Anomaly.Kind.GHOST_ON_BOARD,
          orderId,
          "%s of bar %s shows it at %s, the view has it %s",
          watched.name(),
          watched.barId(),
          shown,
          open == null ? "not open" : "at " + open + " of bar " + view.barId());
    }
  }

  /**
   * Only what is open in the end can be asked for: a board that was away need never have shown an
   * order that came and went meanwhile.
   */
  private void isShown(ViewRow view) {
    if (evidence.openOnView(view.orderId()) == null) {
      return;
    }
    for (Watched watched : evidence.truth.watched()) {
      if (watched.barId().equals(view.barId()) && !watched.board().containsKey(view.orderId())) {
        evidence.found(
            Anomaly.Kind.LOST_ON_FEED,
            view.orderId(),
            "it is %s and not on %s",
            view.status(),
            watched.name());
      }
    }
  }

  /** By the first board that showed it: the others may have been away. */
  private void inTime() {
    Map<UUID, Long> shown = new HashMap<>();
    for (Watched watched : evidence.truth.watched()) {
      watched.firstShown().forEach((orderId, at) -> shown.merge(orderId, at, Math::min));
    }
    for (List<Operation> attempts : evidence.places.values()) {
      for (Operation attempt : attempts) {
        Long at = attempt.orderId() == null ? null : shown.get(attempt.orderId());
        if (at != null
            && attempt.ask() instanceof Place
            && attempt.outcome() instanceof Acknowledged
            && calm(attempt.returned(), at) > limit) {
          evidence.found(
              Anomaly.Kind.NOT_DELIVERED_IN_TIME,
              attempt.orderId(),
              "answered at %.3f s and first shown at %.3f s, though nothing was broken for %.3f s",
              attempt.returned() / 1e9,
              at / 1e9,
              calm(attempt.returned(), at) / 1e9);
        }
      }
    }
  }

  /** The longest time without trouble between two moments, in nanoseconds. */
  private long calm(long from, long until) {
    long longest = 0;
    long since = from;
    for (Trouble trouble : troubles) {
      longest = Math.max(longest, Math.min(trouble.from(), until) - since);
      since = Math.max(since, trouble.until());
    }
    return Math.max(longest, until - since);
  }
}
