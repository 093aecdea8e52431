package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.service.Trace;

/**
 * An event and the request that it goes back to.
 *
 * @param trace that entered with the customer's or the staff's request
 */
public record Told<E extends Event>(E event, Trace trace) {}
