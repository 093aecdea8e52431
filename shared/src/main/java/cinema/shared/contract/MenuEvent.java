package cinema.shared.contract;

import java.time.Instant;

/**
 * What snackbar-verticle tells of menus, on the compacted topic {@code menus}: always the whole
 * state.
 */
public sealed interface MenuEvent extends Event {
  String barId();

  @Override
  default String subject() {
    return key();
  }

  record BarDescribed(String barId, int version, Instant occurredAt, Bar bar) implements MenuEvent {
    @Override
    public String key() {
      return barId;
    }
  }

  record MenuItemChanged(String barId, int version, Instant occurredAt, MenuItem item)
      implements MenuEvent {
    @Override
    public String key() {
      return barId + "/" + item.itemId();
    }
  }
}
