package cinema.order;

import cinema.shared.contract.Bar;
import cinema.shared.contract.Customer;
import cinema.shared.contract.Line;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.MenuEvent.MenuItemChanged;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A bar with its menu, and what its customers wish for. */
final class Samples {
  static final Trace TRACE = Trace.of(null, "a-customer's-request");
  static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
  static final Customer MINJI = new Customer("Minji", "010-1234-5678");

  private static final AtomicInteger BARS = new AtomicInteger();

  private Samples() {}

  /** A bar that no other test knows. */
  static String newBar() {
    return "bar-" + BARS.incrementAndGet();
  }

  static MenuEvent bar(String barId) {
    return new BarDescribed(
        barId, 1, Instant.EPOCH, new Bar(barId, "Lobby", Map.of("ko", "로비 스낵바")));
  }

  static MenuItem popcorn() {
    return new MenuItem("popcorn", "Popcorn", Map.of("ko", "팝콘"), 6000, "KRW", 60, true, null);
  }

  static MenuItem cola() {
    return new MenuItem("cola", "Cola", Map.of("ko", "콜라"), 3000, "KRW", 20, true, null);
  }

  static MenuItem soldOut(MenuItem item) {
    return new MenuItem(
        item.itemId(),
        item.name(),
        item.names(),
        item.price(),
        item.currency(),
        item.prepSeconds(),
        false,
        item.stock());
  }

  static MenuItem counted(MenuItem item, int stock) {
    return new MenuItem(
        item.itemId(),
        item.name(),
        item.names(),
        item.price(),
        item.currency(),
        item.prepSeconds(),
        item.available(),
        stock);
  }

  static MenuEvent changed(String barId, int version, MenuItem item) {
    return new MenuItemChanged(barId, version, Instant.EPOCH, item);
  }

  /** Popcorn and cola, to be had. */
  static Menu menu(String barId) {
    Menu menu = new Menu();
    menu.on(bar(barId));
    menu.on(changed(barId, 1, popcorn()));
    menu.on(changed(barId, 1, cola()));
    return menu;
  }

  static OrderForm.Wish wish(String itemId, int quantity) {
    return new OrderForm.Wish(itemId, quantity);
  }

  static OrderForm form(String barId, OrderForm.Wish... wishes) {
    return new OrderForm(barId, List.of(wishes), MINJI, "G12", null);
  }

  /** An order for two colas, before it has a pickup number. */
  static PlaceOrder.Asked asked(String barId, UUID customerId, String key, String note) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<Line> lines = List.of(new Line("cola", "Cola", 2, 3000));
    OrderPlaced placed =
        new OrderPlaced(
            Ids.next(),
            1,
            now,
            barId,
            customerId,
            0,
            lines,
            6000,
            "KRW",
            MINJI,
            "G12",
            note,
            now.plusSeconds(60));
    return new PlaceOrder.Asked(placed, TRACE, TODAY, key, key == null ? null : "fingerprint");
  }

  static PlaceOrder.Asked asked(String barId) {
    return asked(barId, UUID.randomUUID(), null, null);
  }

  /** The event as it is told once the order has its pickup number. */
  static OrderPlaced numbered(PlaceOrder.Asked asked, int number) {
    OrderPlaced placed = asked.placed();
    return new OrderPlaced(
        placed.orderId(),
        placed.version(),
        placed.occurredAt(),
        placed.barId(),
        placed.customerId(),
        number,
        placed.lines(),
        placed.total(),
        placed.currency(),
        placed.customer(),
        placed.seat(),
        placed.note(),
        placed.readyBy());
  }
}
