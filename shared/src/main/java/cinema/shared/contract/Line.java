package cinema.shared.contract;

/**
 * One line of an order.
 *
 * @param name the item's name when the order was placed
 * @param price of one piece when the order was placed, in minor units of the order's currency
 */
public record Line(String itemId, String name, int quantity, long price) {
  public long total() {
    return quantity * price;
  }
}
