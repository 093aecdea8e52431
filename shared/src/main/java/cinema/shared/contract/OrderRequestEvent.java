package cinema.shared.contract;

import java.time.Instant;
import java.util.UUID;

/** What snackbar-verticle tells of an order request, on topic {@code order-requests}. */
public sealed interface OrderRequestEvent extends Event {
  UUID orderId();

  String barId();

  /** Where the order request stands since this event. */
  OrderStatus status();

  @Override
  default String key() {
    return barId();
  }

  @Override
  default String subject() {
    return orderId().toString();
  }

  /** The bar has durably taken in the order. */
  record OrderRequested(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderRequestEvent {
    @Override
    public OrderStatus status() {
      return OrderStatus.PLACED;
    }
  }

  /** Somebody started on it: from here on it cannot be cancelled. */
  record PreparationStarted(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderRequestEvent {
    @Override
    public OrderStatus status() {
      return OrderStatus.PREPARING;
    }
  }

  record OrderReady(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderRequestEvent {
    @Override
    public OrderStatus status() {
      return OrderStatus.READY;
    }
  }

  record OrderHandedOver(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderRequestEvent {
    @Override
    public OrderStatus status() {
      return OrderStatus.HANDED_OVER;
    }
  }

  /** The cancel won; also told of an order that the bar had not seen yet. */
  record OrderRequestCancelled(UUID orderId, int version, Instant occurredAt, String barId)
      implements OrderRequestEvent {
    @Override
    public OrderStatus status() {
      return OrderStatus.CANCELLED;
    }
  }

  /** The bar cannot make it. */
  record OrderRequestRejected(
      UUID orderId, int version, Instant occurredAt, String barId, String reason)
      implements OrderRequestEvent {
    @Override
    public OrderStatus status() {
      return OrderStatus.REJECTED;
    }
  }

  /** A step was taken back; {@code status} is where the order request stands now. */
  record StepUndone(UUID orderId, int version, Instant occurredAt, String barId, OrderStatus status)
      implements OrderRequestEvent {}
}
