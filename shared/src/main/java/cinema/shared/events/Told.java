package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;

/**
 * An event and the request that it goes back to.
 *
 * @param trace that entered with the customer's or the staff's request
 */
public record Told<E extends Event>(E event, Trace trace) {
  /** The same as part of that work. */
  Told<E> within(Tracing.Station span) {
    return span == Tracing.Station.NONE ? this : new Told<>(event, span.or(trace));
  }
}
