package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.TRACE;
import static cinema.snackbar.SnackbarBench.bar;
import static cinema.snackbar.SnackbarBench.cola;
import static cinema.snackbar.SnackbarBench.order;
import static cinema.snackbar.SnackbarBench.popcorn;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.MenuEvent.MenuItemChanged;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.events.Told;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MenuStoreTest {
  private static SnackbarBench bench;

  private final String barId = bench.newBar();

  @BeforeAll
  static void open() {
    bench = new SnackbarBench();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void everything_is_told_again_when_a_process_starts() {
    await(bench.menus.tellAll(NOW, TRACE));

    assertThat(bench.toldOfMenu(barId))
        .containsExactlyInAnyOrder(
            new BarDescribed(barId, 1, NOW, bar(barId)),
            new MenuItemChanged(barId, 1, NOW, cola()),
            new MenuItemChanged(barId, 1, NOW, popcorn()));
  }

  @Test
  void what_staff_have_changed_survives_a_restart_with_the_same_menu_file() {
    Instant restart = NOW.plusSeconds(60);
    change(false, 3500L, true, 4);

    await(bench.menus.add(List.of(bar(barId)), Map.of(barId, List.of(cola(), popcorn()))));
    await(bench.menus.tellAll(restart, TRACE));

    assertThat(bench.toldOfMenu(barId))
        .contains(new MenuItemChanged(barId, 2, restart, colaWith(3500, false, 4)));
  }

  @Test
  void a_change_is_told_and_leaves_alone_what_it_does_not_mention() {
    assertThat(change(false, null, false, null)).isEqualTo(colaWith(3000, false, 10));
    assertThat(change(null, 2500L, false, null)).isEqualTo(colaWith(2500, false, 10));
    assertThat(change(true, null, true, 3)).isEqualTo(colaWith(2500, true, 3));

    assertThat(bench.toldOfMenu(barId))
        .containsExactly(
            new MenuItemChanged(barId, 2, NOW, colaWith(3000, false, 10)),
            new MenuItemChanged(barId, 3, NOW, colaWith(2500, false, 10)),
            new MenuItemChanged(barId, 4, NOW, colaWith(2500, true, 3)));
  }

  @Test
  void a_stock_of_null_ends_the_counting() {
    assertThat(change(null, null, true, null).stock()).isNull();

    await(bench.requests.takeIn(List.of(order(barId, 1)), NOW));
    assertThat(bench.colasAt(barId)).isNull();
    assertThat(bench.toldOfMenu(barId)).hasSize(1);
  }

  @Test
  void a_change_of_what_the_bar_does_not_have_finds_nothing() {
    assertThat(await(bench.menus.change(barId, "beer", true, null, false, null, NOW, TRACE)))
        .isNull();
    assertThat(await(bench.menus.change("nowhere", "cola", true, null, false, null, NOW, TRACE)))
        .isNull();
  }

  @Test
  void stock_goes_down_with_orders_and_comes_back_with_cancels() {
    Told<OrderPlaced> order = order(barId, 3);
    await(bench.requests.takeIn(List.of(order, order(barId, 2)), NOW));
    assertThat(bench.colasAt(barId)).isEqualTo(5);

    await(bench.cancel(order.event().orderId(), barId));

    assertThat(bench.toldOfMenu(barId))
        .containsExactly(
            new MenuItemChanged(barId, 2, NOW, colaWith(3000, true, 5)),
            new MenuItemChanged(barId, 3, NOW, colaWith(3000, true, 8)));
  }

  @Test
  void stock_does_not_go_below_zero() {
    await(bench.requests.takeIn(List.of(order(barId, 8)), NOW));
    await(bench.requests.takeIn(List.of(order(barId, 8)), NOW));

    assertThat(bench.colasAt(barId)).isZero();
    assertThat(bench.toldOfMenu(barId).getLast())
        .isEqualTo(new MenuItemChanged(barId, 3, NOW, colaWith(3000, true, 0)));
  }

  private MenuItem change(Boolean available, Long price, boolean countsStock, Integer stock) {
    return await(
        bench.menus.change(barId, "cola", available, price, countsStock, stock, NOW, TRACE));
  }

  private static MenuItem colaWith(long price, boolean available, Integer stock) {
    MenuItem cola = cola();
    return new MenuItem(
        cola.itemId(),
        cola.name(),
        cola.names(),
        price,
        cola.currency(),
        cola.prepSeconds(),
        available,
        stock);
  }
}
