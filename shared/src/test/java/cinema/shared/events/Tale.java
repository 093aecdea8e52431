package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.service.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Something to tell, about orders that no other test tells of. */
final class Tale {
  private Tale() {}

  /** A bar, a service or anything else that no other test has. */
  static String unique(String word) {
    return word + "-" + UUID.randomUUID().toString().substring(0, 13);
  }

  static Told<OrderEvent> of(String bar) {
    return of(bar, 1);
  }

  static Told<OrderEvent> of(String bar, int version) {
    return new Told<>(
        new OrderCancelled(UUID.randomUUID(), version, Instant.now(), bar), Trace.begin());
  }

  static List<Told<OrderEvent>> of(int count, String bar) {
    return IntStream.range(0, count).mapToObj(i -> of(bar)).toList();
  }

  @SafeVarargs
  static List<Event> events(List<Told<OrderEvent>>... told) {
    List<Event> events = new ArrayList<>();
    for (List<Told<OrderEvent>> each : told) {
      each.forEach(one -> events.add(one.event()));
    }
    return events;
  }
}
