package cinema.chaos;

import cinema.chaos.Operation.Look;
import cinema.chaos.Operation.Place;
import cinema.chaos.Operation.Step;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Truth.OrderRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.ViewRow;
import cinema.shared.contract.OrderStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A cancel is final, an order is its owner's alone, and all answers can be explained. */
final class CheckCalls {
  private final Evidence evidence;
  private final Map<UUID, Long> asked = new HashMap<>();
  private int unchecked;

  CheckCalls(Evidence evidence) {
    this.evidence = evidence;
  }

  /** Checks all orders; returns how many had more calls than can be explained. */
  int run() {
    firstAsked();
    evidence.cancelled.forEach(this::cancelIsFinal);
    evidence.calls.forEach(
        (orderId, calls) -> {
          calls.forEach(this::strangerLearnsNothing);
          calls.forEach(this::ownerFindsIt);
          cancelledIsSeen(orderId, calls);
        });
    evidence.truth.orders().forEach(this::explained);
    return unchecked;
  }

  /** When each order was asked for at the earliest: after that it may come to its bar. */
  private void firstAsked() {
    Map<History.Key, Long> byKey = new HashMap<>();
    evidence.places.forEach(
        (key, attempts) ->
            byKey.put(key, attempts.stream().mapToLong(Operation::invoked).min().orElse(0)));
    for (OrderRow row : evidence.truth.orders()) {
      Long first = byKey.get(new History.Key(row.customerId(), row.note()));
      asked.put(row.orderId(), first == null ? 0 : first);
    }
  }

  private void cancelIsFinal(UUID orderId) {
    OrderRow order = evidence.orders.get(orderId);
    RequestRow request = evidence.requests.get(orderId);
    ViewRow view = evidence.views.get(orderId);
    stands(orderId, "order-verticle", order == null ? null : order.status());
    stands(orderId, "the bar", request == null ? null : request.status());
    stands(orderId, "the view", view == null ? null : view.status());
    for (Truth.Watched watched : evidence.truth.watched()) {
      stands(orderId, "the board of " + watched.name(), watched.board().get(orderId));
    }
  }

  private void stands(UUID orderId, String where, OrderStatus status) {
    if (status != null && status != OrderStatus.CANCELLED) {
      evidence.found(
          Anomaly.Kind.CANCEL_NOT_FINAL,
          orderId,
          "the cancel was answered 200, and %s says %s",
          where,
          status);
    }
  }

  private void strangerLearnsNothing(Operation call) {
    boolean told =
        switch (call.outcome()) {
          case Acknowledged yes -> true;
          case Outcome.Pending pending -> true;
          case Refused no -> no.http() == 409;
          case Outcome.Unknown silence -> false;
        };
    if (told && !evidence.mayAsk(call)) {
      evidence.found(
          Anomaly.Kind.STRANGER,
          call.orderId(),
          "%s asked %s and was told %s",
          call.client(),
          call.ask(),
          call.outcome());
    }
  }

  /** Owners know their orders from the answer that took them: from then on these are there. */
  private void ownerFindsIt(Operation call) {
    boolean owners = !(call.ask() instanceof Step) && !(call.ask() instanceof Place);
    if (owners
        && evidence.mayAsk(call)
        && call.outcome() instanceof Refused no
        && no.http() == 404) {
      evidence.found(
          Anomaly.Kind.ANSWER_DISAGREES,
          call.orderId(),
          "its owner asked %s and was told that there is no such order",
          call.ask());
    }
  }

  /** Who looks after a cancel was answered 200 sees it cancelled. */
  private void cancelledIsSeen(UUID orderId, List<Operation> calls) {
    if (!evidence.cancelled.contains(orderId)) {
      return;
    }
    long since =
        calls.stream()
            .filter(call -> call.ask() instanceof Operation.Cancel && evidence.mayAsk(call))
            .filter(call -> call.outcome() instanceof Acknowledged)
            .mapToLong(Operation::returned)
            .min()
            .orElse(Long.MAX_VALUE);
    for (Operation call : calls) {
      if (call.ask() instanceof Look
          && call.invoked() > since
          && call.outcome() instanceof Acknowledged seen
          && seen.status() != OrderStatus.CANCELLED) {
        evidence.found(
            Anomaly.Kind.CANCEL_NOT_FINAL,
            orderId,
            "the cancel was answered 200, and its owner was then shown %s",
            seen.status());
      }
    }
  }

  private void explained(OrderRow order) {
    List<Operation> calls =
        evidence.calls.getOrDefault(order.orderId(), List.of()).stream()
            .filter(evidence::mayAsk)
            .toList();
    RequestRow request = evidence.requests.get(order.orderId());
    OrderStatus status = request == null ? null : request.status();
    int version = request == null ? 0 : request.version();
    if (!Linearizability.canCheck(calls)) {
      unchecked++;
    } else if (!Linearizability.explains(asked.get(order.orderId()), calls, status, version)) {
      evidence.found(
          Anomaly.Kind.NOT_LINEARIZABLE,
          order.orderId(),
          "asked for at %.3f s; %s; in the end %s, version %d",
          asked.get(order.orderId()) / 1e9,
          Linearizability.tell(calls),
          status,
          version);
    }
  }
}
