package cinema.shared.contract;

import java.util.Map;

/**
 * What a bar sells.
 *
 * @param names the name in other languages by BCP 47 tag; empty when there are none
 * @param price of one piece, in minor units of {@code currency} (ISO 4217)
 * @param stock pieces left; null when nobody counts them
 */
public record MenuItem(
    String itemId,
    String name,
    Map<String, String> names,
    long price,
    String currency,
    int prepSeconds,
    boolean available,
    Integer stock) {

  /** Whether a customer may order it now. */
  public boolean sellable() {
    return available && (stock == null || stock > 0);
  }
}
