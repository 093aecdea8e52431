package cinema.order;

import cinema.shared.contract.Bar;
import cinema.shared.contract.Line;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.MenuEvent.MenuItemChanged;
import cinema.shared.contract.MenuItem;
import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the bars sell, as far as order-verticle has heard: enough to price and to check an order.
 */
final class Menu {
  private static final class Board {
    Bar bar;
    final Map<String, MenuItem> items = new TreeMap<>();
  }

  /**
   * An order's lines with their prices, and how long the bar needs for them.
   *
   * @param total in minor units of {@code currency}
   */
  record Priced(List<Line> lines, long total, String currency, Duration preparation) {}

  private final Map<String, Board> boards = new TreeMap<>();
  private final Map<String, Integer> versions = new TreeMap<>();

  /** Applies what is newer than what is known. */
  void on(MenuEvent event) {
    if (versions.getOrDefault(event.key(), 0) >= event.version()) {
      return;
    }
    versions.put(event.key(), event.version());
    Board board = boards.computeIfAbsent(event.barId(), barId -> new Board());
    switch (event) {
      case BarDescribed described -> board.bar = described.bar();
      case MenuItemChanged changed -> board.items.put(changed.item().itemId(), changed.item());
    }
  }

  boolean isEmpty() {
    return bars().isEmpty();
  }

  List<Bar> bars() {
    return boards.values().stream().map(board -> board.bar).filter(bar -> bar != null).toList();
  }

  /**
   * @return null when there is no such bar
   */
  List<MenuItem> of(String barId) {
    Board board = boards.get(barId);
    return board == null || board.bar == null ? null : List.copyOf(board.items.values());
  }

  /**
   * Prices what a customer wishes.
   *
   * @throws Problem.Thrown 422 for an unknown bar or item, 409 {@code sold-out}
   */
  Priced price(OrderForm form) {
    Board board = boards.get(form.barId());
    if (board == null || board.bar == null) {
      throw Problem.invalid(List.of(new FieldError("barId", "is not a bar of this cinema")))
          .thrown();
    }
    List<FieldError> unknown = new ArrayList<>();
    Set<String> soldOut = new LinkedHashSet<>();
    Map<String, Integer> wanted = new HashMap<>();
    List<Line> lines = new ArrayList<>();
    String currency = null;
    long total = 0;
    int longest = 0;
    int work = 0;
    for (int i = 0; i < form.lines().size(); i++) {
      OrderForm.Wish wish = form.lines().get(i);
      MenuItem item = board.items.get(wish.itemId());
      if (item == null) {
        unknown.add(new FieldError("lines[" + i + "].itemId", "is not on this bar's menu"));
        continue;
      }
      // An item may stand on several lines.
      int pieces = wanted.merge(item.itemId(), wish.quantity(), Integer::sum);
      if (!item.sellable() || (item.stock() != null && item.stock() < pieces)) {
        soldOut.add(item.itemId());
      }
      Line line = new Line(item.itemId(), item.name(), wish.quantity(), item.price());
      lines.add(line);
      total += line.total();
      currency = item.currency();
      longest = Math.max(longest, item.prepSeconds());
      work += item.prepSeconds() * wish.quantity();
    }
    if (!unknown.isEmpty()) {
      throw Problem.invalid(unknown).thrown();
    }
    if (!soldOut.isEmpty()) {
      throw Problem.of(409, "sold-out", "Sold out", "Sold out: " + String.join(", ", soldOut) + ".")
          .with("itemIds", List.copyOf(soldOut))
          .thrown();
    }
    return new Priced(lines, total, currency, preparation(longest, work));
  }

  /** The slowest item sets the pace; of the rest a bar makes about four things at a time. */
  private static Duration preparation(int longestSeconds, int workSeconds) {
    return Duration.ofSeconds(longestSeconds + (workSeconds - longestSeconds) / 4);
  }
}
