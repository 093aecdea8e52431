package cinema.order;

import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import java.util.List;

/**
 * Keeps our copy of the menus: in the database for the next start, in memory for the next order.
 */
final class FollowMenus {
  private final MenuStore store;
  private final Menu menu;

  FollowMenus(MenuStore store, Menu menu) {
    this.store = store;
    this.menu = menu;
  }

  /** Fills the menu with what was known when this service last ran. */
  Future<Void> recall() {
    return store.all().onSuccess(events -> events.forEach(menu::on)).mapEmpty();
  }

  Future<Void> on(List<Told<? extends Event>> batch) {
    List<MenuEvent> events =
        batch.stream()
            .map(Told::event)
            .filter(MenuEvent.class::isInstance)
            .map(MenuEvent.class::cast)
            .toList();
    return store.keep(events).onSuccess(kept -> events.forEach(menu::on));
  }
}
