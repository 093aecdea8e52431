package cinema.shared.contract;

import java.util.UUID;

/**
 * The cancel request and its reply, between order-verticle and snackbar-verticle on the event bus.
 */
public final class Cancel {
  /** The event bus address that the bar answers on. */
  public static final String ADDRESS = "snackbar.order-request.cancel";

  private Cancel() {}

  /**
   * May this order be taken back? Asking again gets the same answer.
   *
   * @param traceparent of the customer's request (W3C Trace Context)
   * @param correlationId that entered with it
   */
  public record Request(UUID orderId, String barId, String traceparent, String correlationId) {}

  /**
   * The bar's answer: CANCELLED is final; TOO_LATE is a refusal, not a failure.
   *
   * @param status where the order request stands
   * @param version of the order request at that status
   */
  public record Reply(Outcome outcome, OrderStatus status, int version) {}

  /** Cancel against start has exactly one winner. */
  public enum Outcome {
    CANCELLED,
    TOO_LATE
  }
}
