package cinema.shared.contract;

import java.time.Instant;

/** Something that happened to one aggregate; told to other services by Kafka. */
public interface Event {
  /** Kafka's record key: events with the same key keep their order. */
  String key();

  /** CloudEvents' subject: which aggregate this happened to. */
  String subject();

  /** The aggregate's version that this event made: 1, 2, 3 … */
  int version();

  Instant occurredAt();

  /** CloudEvents' type: the record's name. */
  default String type() {
    return getClass().getSimpleName();
  }
}
