package cinema.snackbar;

import cinema.shared.contract.Line;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** By how much counted items change: fewer when orders come in, more when they are cancelled. */
final class Stock {
  record Key(String barId, String itemId) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byBar = barId.compareTo(other.barId);
      return byBar != 0 ? byBar : itemId.compareTo(other.itemId);
    }
  }

  private final Map<Key, Integer> changes = new TreeMap<>();

  void taken(String barId, List<Line> lines) {
    lines.forEach(line -> change(barId, line, -line.quantity()));
  }

  void returned(String barId, List<Line> lines) {
    lines.forEach(line -> change(barId, line, line.quantity()));
  }

  private void change(String barId, Line line, int by) {
    changes.merge(new Key(barId, line.itemId()), by, Integer::sum);
  }

  /** In the order in which rows are to be locked. */
  Map<Key, Integer> changes() {
    return changes;
  }
}
