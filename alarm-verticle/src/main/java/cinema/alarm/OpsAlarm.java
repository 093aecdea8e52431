package cinema.alarm;

import java.time.Instant;

/**
 * An event that some service could not apply and that nobody has seen to yet.
 *
 * @param topic its own
 * @param partition where it stands there
 * @param offset where it stands there
 * @param service that could not apply it
 * @param event CloudEvents' id; empty when it had none
 */
record OpsAlarm(
    String topic,
    int partition,
    long offset,
    String service,
    String event,
    String reason,
    Instant raisedAt) {}
