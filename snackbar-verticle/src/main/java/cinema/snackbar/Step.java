package cinema.snackbar;

import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderHandedOver;
import cinema.shared.contract.OrderRequestEvent.OrderReady;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderRequestEvent.PreparationStarted;
import cinema.shared.contract.OrderRequestEvent.StepUndone;
import cinema.shared.contract.OrderStatus;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/** What staff may do with an order request, and where each step leads from where. */
enum Step {
  START("start", "startOrder", Map.of(OrderStatus.PLACED, OrderStatus.PREPARING)),
  READY("ready", "readyOrder", Map.of(OrderStatus.PREPARING, OrderStatus.READY)),
  HAND_OVER("hand-over", "handOverOrder", Map.of(OrderStatus.READY, OrderStatus.HANDED_OVER)),
  REJECT(
      "reject",
      "rejectOrder",
      Map.of(
          OrderStatus.PLACED, OrderStatus.REJECTED, OrderStatus.PREPARING, OrderStatus.REJECTED)),
  /** One step back; what was cancelled or rejected stays so, since the customer has been told. */
  UNDO(
      "undo",
      "undoOrder",
      Map.of(
          OrderStatus.PREPARING, OrderStatus.PLACED,
          OrderStatus.READY, OrderStatus.PREPARING,
          OrderStatus.HANDED_OVER, OrderStatus.READY));

  private final String path;
  private final String operationId;
  private final Map<OrderStatus, OrderStatus> moves;

  Step(String path, String operationId, Map<OrderStatus, OrderStatus> moves) {
    this.path = path;
    this.operationId = operationId;
    this.moves = new EnumMap<>(moves);
  }

  /** The last segment of its path. */
  String path() {
    return path;
  }

  /** Its name in the OpenAPI document. */
  String operationId() {
    return operationId;
  }

  /** From where this step leads to where. */
  Map<OrderStatus, OrderStatus> moves() {
    return moves;
  }

  /** Whether repeating this step at that status is a repetition, not a mistake. */
  boolean alreadyHolds(OrderStatus now) {
    return this != UNDO && moves.containsValue(now);
  }

  /**
   * The event of having taken this step.
   *
   * @param reason of a rejection; null otherwise
   */
  OrderRequestEvent event(
      UUID orderId, int version, Instant now, String barId, OrderStatus status, String reason) {
    return this == UNDO
        ? new StepUndone(orderId, version, now, barId, status)
        : standing(orderId, version, now, barId, status, reason);
  }

  /** The event that says where an order request stands, told again to who may have missed it. */
  static OrderRequestEvent standing(
      UUID orderId, int version, Instant now, String barId, OrderStatus status, String reason) {
    return switch (status) {
      case PREPARING -> new PreparationStarted(orderId, version, now, barId);
      case READY -> new OrderReady(orderId, version, now, barId);
      case HANDED_OVER -> new OrderHandedOver(orderId, version, now, barId);
      case CANCELLED -> new OrderRequestCancelled(orderId, version, now, barId);
      case REJECTED -> new OrderRequestRejected(orderId, version, now, barId, reason);
      case PLACED ->
          version == 1
              ? new OrderRequested(orderId, version, now, barId)
              : new StepUndone(orderId, version, now, barId, status);
      case PENDING_PAYMENT, PAYMENT_FAILED, CANCELLING ->
          throw new IllegalArgumentException("no order request stands at " + status);
    };
  }
}
