package cinema.shared.contract;

/**
 * Who ordered.
 *
 * @param name empty once the customer has asked to be forgotten; then the order has no phone, seat
 *     and note either
 * @param phone null when none was given; masked wherever anybody but its owner looks
 */
public record Customer(String name, String phone) {
  /** The same customer with all but the last two digits of the phone hidden. */
  public Customer masked() {
    if (phone == null) {
      return this;
    }
    int kept = Math.max(0, phone.length() - 2);
    return new Customer(
        name, phone.substring(0, kept).replaceAll("[0-9]", "*") + phone.substring(kept));
  }
}
