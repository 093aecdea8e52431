package cinema.view;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads that many ask for at the same moment and one does: when a thousand boards have missed the
 * same message, the database is asked once.
 *
 * <p>All calls on one event loop.
 */
final class SharedReads<K, V> {
  private final Map<K, Future<V>> reading = new HashMap<>();

  /**
   * @param read what answers for this key; not called while an earlier one for it has not ended,
   *     whose answer is then this one's, too
   */
  Future<V> get(K key, Supplier<Future<V>> read) {
    Future<V> already = reading.get(key);
    if (already != null) {
      return already;
    }
    Future<V> begun = read.get();
    reading.put(key, begun);
    return begun.onComplete(ended -> reading.remove(key, begun));
  }
}
