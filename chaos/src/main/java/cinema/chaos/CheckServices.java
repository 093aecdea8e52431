package cinema.chaos;

import cinema.chaos.Truth.AlarmRow;
import cinema.chaos.Truth.OrderRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.ViewRow;
import cinema.shared.contract.OrderStatus;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Every order reached every service, once; all agree on it; and none has any other. */
final class CheckServices {
  private final Evidence evidence;

  CheckServices(Evidence evidence) {
    this.evidence = evidence;
  }

  void run() {
    for (OrderRow order : evidence.truth.orders()) {
      atBar(order);
      alarmed(order);
      onView(order);
      settled(order);
    }
    phantoms(Anomaly.Kind.PHANTOM_REQUEST, evidence.requests.keySet());
    phantoms(Anomaly.Kind.PHANTOM_ALARM, evidence.alarms.keySet());
    phantoms(Anomaly.Kind.PHANTOM_VIEW, evidence.views.keySet());
  }

  private void atBar(OrderRow order) {
    RequestRow request = evidence.requests.get(order.orderId());
    if (request == null || request.lines() == null) {
      evidence.found(
          Anomaly.Kind.LOST_AT_BAR,
          order.orderId(),
          request == null ? "the bar has no request" : "the bar has nothing but a tombstone");
      return;
    }
    if (!request.barId().equals(order.wish().barId())
        || !request.lines().equals(order.wish().lines())
        || request.pickupNumber() != order.pickupNumber()) {
      evidence.found(
          Anomaly.Kind.ANSWER_DISAGREES,
          order.orderId(),
          "the order is %s with number %d, the bar's request %s %s with number %d",
          order.wish(),
          order.pickupNumber(),
          request.barId(),
          request.lines(),
          request.pickupNumber());
    }
    agree(order, "the bar", request.status());
  }

  private void agree(OrderRow order, String where, OrderStatus status) {
    if (order.status() != status) {
      evidence.found(
          Anomaly.Kind.STATUS_DISAGREES,
          order.orderId(),
          "order-verticle says %s, %s says %s",
          order.status(),
          where,
          status);
    }
  }

  private void alarmed(OrderRow order) {
    List<AlarmRow> alarms = evidence.alarms.getOrDefault(order.orderId(), List.of());
    long raised = alarms.stream().filter(AlarmRow::raised).count();
    if (raised == 0) {
      evidence.found(Anomaly.Kind.LOST_ALARM, order.orderId(), "no alarm was raised");
    }
    if (alarms.size() > 1) {
      evidence.found(
          Anomaly.Kind.DOUBLED_ALARM, order.orderId(), "it has %d alarms", alarms.size());
    }
    if (order.status() != OrderStatus.PLACED
        && alarms.stream().anyMatch(alarm -> alarm.raised() && !alarm.acknowledged())) {
      evidence.found(
          Anomaly.Kind.STATUS_DISAGREES,
          order.orderId(),
          "it is %s and its alarm is open",
          order.status());
    }
    if (alarms.stream().anyMatch(alarm -> !alarm.barId().equals(order.wish().barId()))) {
      evidence.found(Anomaly.Kind.ANSWER_DISAGREES, order.orderId(), "its alarm is at another bar");
    }
  }

  private void onView(OrderRow order) {
    ViewRow view = evidence.views.get(order.orderId());
    if (view == null || view.customerId() == null) {
      evidence.found(
          Anomaly.Kind.LOST_ON_VIEW,
          order.orderId(),
          view == null ? "the view does not have it" : "the view has no more than what came after");
      return;
    }
    if (!view.barId().equals(order.wish().barId())
        || !view.customerId().equals(order.customerId())
        || view.pickupNumber() != order.pickupNumber()) {
      evidence.found(
          Anomaly.Kind.ANSWER_DISAGREES,
          order.orderId(),
          "order-verticle has %s, number %d of %s, the view number %d of %s at %s",
          order.customerId(),
          order.pickupNumber(),
          order.wish().barId(),
          view.pickupNumber(),
          view.customerId(),
          view.barId());
    }
    agree(order, "the view", view.status());
  }

  private void settled(OrderRow order) {
    if (order.cancelling()) {
      evidence.found(
          Anomaly.Kind.NOT_SETTLED, order.orderId(), "a cancel still waits for the bar's answer");
    }
    if (!order.confirmed()) {
      evidence.found(
          Anomaly.Kind.NOT_SETTLED, order.orderId(), "the bar has not confirmed the order");
    }
  }

  private void phantoms(Anomaly.Kind kind, Set<UUID> ids) {
    for (UUID orderId : ids) {
      if (!evidence.orders.containsKey(orderId)) {
        evidence.found(kind, orderId, "order-verticle has no such order");
      }
    }
  }
}
