package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.bar;
import static cinema.order.Samples.changed;
import static cinema.order.Samples.cola;
import static cinema.order.Samples.counted;
import static cinema.order.Samples.popcorn;
import static cinema.order.Samples.soldOut;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuItem;
import cinema.shared.events.Told;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowMenusTest extends OrderTest {
  private final Menu menu = new Menu();

  @BeforeEach
  void forget() {
    bench.rows("DELETE FROM menu_copy");
  }

  @Test
  void after_a_restart_the_menu_is_known_without_kafka() {
    MenuItem fewColas = counted(cola(), 7);
    hear(menu, bar("lobby"), changed("lobby", 1, popcorn()), changed("lobby", 4, fewColas));

    Menu restarted = recalled();

    assertThat(restarted.bars()).isEqualTo(menu.bars()).hasSize(1);
    assertThat(restarted.of("lobby"))
        .isEqualTo(menu.of("lobby"))
        .containsExactly(fewColas, popcorn());
  }

  @Test
  void an_older_event_replaces_neither_the_menu_nor_the_copy() {
    hear(menu, bar("lobby"), changed("lobby", 2, cola()), changed("lobby", 1, soldOut(cola())));
    hear(menu, changed("lobby", 1, soldOut(cola())));

    assertThat(menu.of("lobby")).containsExactly(cola());
    assertThat(recalled().of("lobby")).containsExactly(cola());
  }

  @Test
  void a_newer_event_replaces_the_copy() {
    hear(menu, bar("lobby"), changed("lobby", 1, cola()));
    hear(menu, changed("lobby", 2, soldOut(cola())));

    assertThat(recalled().of("lobby")).containsExactly(soldOut(cola()));
  }

  private static Menu recalled() {
    Menu restarted = new Menu();
    await(new FollowMenus(new MenuStore(bench.database), restarted).recall());
    return restarted;
  }

  private static void hear(Menu menu, MenuEvent... events) {
    FollowMenus followMenus = new FollowMenus(new MenuStore(bench.database), menu);
    List<Told<? extends Event>> batch = new ArrayList<>();
    for (MenuEvent event : events) {
      batch.add(new Told<>(event, TRACE));
    }
    await(bench.onLoop(() -> followMenus.on(batch)));
  }
}
