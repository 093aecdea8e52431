package cinema.order;

import cinema.shared.contract.OrderStatus;

/** How a cancel went: a refusal is a value, and so is not knowing. */
sealed interface Cancellation {
  /** The bar agreed; final. */
  record Cancelled() implements Cancellation {}

  /** The bar had started, or was done with it. */
  record TooLate(OrderStatus now) implements Cancellation {}

  /** No answer in time: neither yes nor no. The wish is kept and settled later. */
  record Unanswered() implements Cancellation {}

  /** There is no such order of this customer. */
  record NotYours() implements Cancellation {}
}
