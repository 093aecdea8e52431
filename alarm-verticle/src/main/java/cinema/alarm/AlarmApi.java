package cinema.alarm;

import cinema.shared.service.Answer;
import cinema.shared.service.Ids;
import cinema.shared.service.Problem;
import cinema.shared.service.Requests;
import cinema.shared.service.WebServer;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;

/** HTTP for staff: the alarms of a bar. */
final class AlarmApi {
  private static final int USUALLY = 50;

  private final AlarmStore store;
  private final Clock clock;

  AlarmApi(AlarmStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  Future<Answer> list(RoutingContext context) {
    String acknowledged = context.request().getParam("acknowledged");
    int limit = Requests.number(context, "limit", USUALLY);
    return store
        .list(
            context.pathParam("barId"),
            acknowledged == null ? null : Boolean.valueOf(acknowledged),
            limit)
        .map(alarms -> Answer.ok(Map.of("alarms", alarms)));
  }

  Future<Answer> acknowledge(RoutingContext context) {
    return store
        .acknowledge(
            Ids.parse(context.pathParam("alarmId"), "alarm"),
            context.pathParam("barId"),
            clock.instant(),
            WebServer.traceOf(context))
        .map(
            alarm -> {
              if (alarm == null) {
                throw Problem.notFound("alarm").thrown();
              }
              return Answer.ok(alarm);
            });
  }
}
