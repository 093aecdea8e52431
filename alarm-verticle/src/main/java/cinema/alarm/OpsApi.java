package cinema.alarm;

import cinema.shared.service.Answer;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** HTTP for ops; like health and metrics it is not routed publicly. */
final class OpsApi {
  private static final int MOST = 500;

  private final OpsAlarmStore store;

  OpsApi(OpsAlarmStore store) {
    this.store = store;
  }

  Future<Answer> alarms(RoutingContext context) {
    return store.open(MOST).map(alarms -> Answer.ok(Map.of("alarms", alarms)));
  }
}
