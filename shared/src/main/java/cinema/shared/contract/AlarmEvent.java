package cinema.shared.contract;

import java.time.Instant;
import java.util.UUID;

/** What alarm-verticle tells of an alarm, on topic {@code alarms}. */
public sealed interface AlarmEvent extends Event {
  UUID orderId();

  String barId();

  /** The alarm as it is since this event. */
  Alarm alarm();

  @Override
  default String key() {
    return barId();
  }

  @Override
  default String subject() {
    return orderId().toString();
  }

  record AlarmRaised(UUID orderId, int version, Instant occurredAt, String barId, Alarm alarm)
      implements AlarmEvent {}

  record AlarmAcknowledged(UUID orderId, int version, Instant occurredAt, String barId, Alarm alarm)
      implements AlarmEvent {}
}
