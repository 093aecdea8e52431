package cinema.shared.service;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of so many at most: whoever was not used for the longest leaves first. */
final class LastUsed<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int most;

  LastUsed(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
