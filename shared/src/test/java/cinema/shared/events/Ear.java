package cinema.shared.events;

import cinema.shared.contract.Event;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Applies events by remembering those of one key; topics carry other tests' events too. */
final class Ear implements Function<List<Told<? extends Event>>, Future<Void>> {
  private final String key;
  private final List<Told<? extends Event>> heard = new CopyOnWriteArrayList<>();

  Ear(String key) {
    this.key = key;
  }

  @Override
  public Future<Void> apply(List<Told<? extends Event>> batch) {
    heard.addAll(of(batch));
    return Future.succeededFuture();
  }

  /** What of this batch is meant for this ear. */
  List<Told<? extends Event>> of(List<Told<? extends Event>> batch) {
    return batch.stream()
        .<Told<? extends Event>>filter(told -> told.event().key().equals(key))
        .toList();
  }

  /** In the order in which they came. */
  List<Event> events() {
    return heard.stream().<Event>map(Told::event).toList();
  }

  Told<? extends Event> first() {
    return heard.getFirst();
  }
}
