package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Wire;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;
import java.util.Objects;

/**
 * An event and the request that it goes back to. Its text is made once, for the outbox and for
 * Kafka.
 */
public final class Told<E extends Event> {
  private final E event;
  private final Trace trace;

  /** Null until somebody asks. */
  private String json;

  /**
   * @param trace that entered with the customer's or the staff's request
   */
  public Told(E event, Trace trace) {
    this(event, trace, null);
  }

  /**
   * @param json the event's text, where it is known already; null where it is not
   */
  public Told(E event, Trace trace, String json) {
    this.event = event;
    this.trace = trace;
    this.json = json;
  }

  public E event() {
    return event;
  }

  public Trace trace() {
    return trace;
  }

  /** The event as it is stored and sent. */
  String json() {
    if (json == null) {
      json = Wire.encode(event);
    }
    return json;
  }

  /** The same as part of that work. */
  Told<E> within(Tracing.Station span) {
    return span == Tracing.Station.NONE ? this : new Told<>(event, span.or(trace), json);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Told<?> told && event.equals(told.event) && trace.equals(told.trace);
  }

  @Override
  public int hashCode() {
    return Objects.hash(event, trace);
  }

  @Override
  public String toString() {
    return event + " of " + trace;
  }
}
