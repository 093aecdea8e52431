package cinema.alarm;

import cinema.shared.events.DeadLetter;
import cinema.shared.service.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who look after Intermission of every event that some service could not apply. */
final class RaiseOpsAlarms {
  private static final Logger LOG = LoggerFactory.getLogger(RaiseOpsAlarms.class);

  /** Other processes raise and settle too. */
  private static final int COUNT_MILLIS = 5000;

  private final OpsAlarmStore store;
  private final Clock clock;
  private final AtomicLong open = new AtomicLong();

  RaiseOpsAlarms(OpsAlarmStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Begins to keep the number of open alarms among the metrics. */
  void start(Vertx vertx, Metrics metrics) {
    metrics.gauge(
        "intermission.ops.alarms.open",
        "Events that could not be applied and that nobody has seen to yet",
        open::get);
    count();
    vertx.setPeriodic(COUNT_MILLIS, timer -> count());
  }

  Future<Void> on(List<DeadLetter> letters) {
    List<DeadLetter> raised = new ArrayList<>();
    List<DeadLetter> settled = new ArrayList<>();
    letters.forEach(letter -> (letter.redriven() ? settled : raised).add(letter));
    return store
        .raiseAndSettle(raised, settled, clock.instant())
        .onSuccess(
            fresh -> {
              fresh.forEach(RaiseOpsAlarms::log);
              count();
            })
        .mapEmpty();
  }

  private static void log(OpsAlarm alarm) {
    LOG.error(
        "OPS ALARM {} cannot apply event {} at {}-{}@{}: {}",
        alarm.service(),
        alarm.event(),
        alarm.topic(),
        alarm.partition(),
        alarm.offset(),
        alarm.reason().lines().findFirst().orElse(""));
  }

  private void count() {
    store
        .countOpen()
        .onSuccess(open::set)
        .onFailure(failure -> LOG.debug("ops alarms not counted: {}", failure.toString()));
  }
}
