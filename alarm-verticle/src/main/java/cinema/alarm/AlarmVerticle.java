package cinema.alarm;

import static cinema.shared.service.WebServer.answering;

import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Topic;
import cinema.shared.events.DeadLetterReader;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.EventReader;
import cinema.shared.events.Outbox;
import cinema.shared.service.Database;
import cinema.shared.service.Identity;
import cinema.shared.service.Metrics;
import cinema.shared.service.OpenApi;
import cinema.shared.service.Schema;
import cinema.shared.service.Service;
import cinema.shared.service.Settings;
import cinema.shared.service.WebServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;

/** Tells a bar who ordered what, and ops what could not be told. */
public final class AlarmVerticle extends VerticleBase {
  private final Settings settings;
  private final Clock clock;
  private final Schema schema;

  private Database database;
  private EventPublisher publisher;
  private Outbox<AlarmEvent> outbox;
  private EventReader orders;
  private DeadLetterReader deadLetters;
  private WebServer server;

  public AlarmVerticle(Settings settings) {
    this.settings = settings;
    this.clock = Clock.systemUTC();
    this.schema = Schema.bringUpToDate(settings, "cinema/alarm/migrations");
  }

  public static void main(String[] args) {
    Service.run("alarm", AlarmVerticle::new);
  }

  @Override
  public Future<?> start() {
    Future<OpenApi> openApi = OpenApi.load(vertx, "openapi.yaml");
    return schema.open(vertx).compose(opened -> start(opened, openApi));
  }

  private Future<?> start(Database opened, Future<OpenApi> openApi) {
    database = opened;
    publisher = new EventPublisher(vertx, settings);
    outbox = new Outbox<>(vertx, database, publisher, Topic.ALARMS, clock);
    AlarmStore store = new AlarmStore(database, outbox);
    RaiseAlarms raiseAlarms = new RaiseAlarms(store, clock);
    orders =
        EventReader.together(
                vertx,
                settings,
                List.of(Topic.ORDERS, Topic.ORDER_REQUESTS),
                publisher,
                raiseAlarms::on)
            .without(RaiseAlarms.UNHEEDED)
            .resting();
    OpsAlarmStore opsStore = new OpsAlarmStore(database);
    RaiseOpsAlarms raiseOpsAlarms = new RaiseOpsAlarms(opsStore, clock);
    deadLetters = new DeadLetterReader(vertx, settings, publisher, raiseOpsAlarms::on);
    outbox.start();
    orders.start();
    raiseOpsAlarms.start(vertx, Metrics.of(settings));
    deadLetters.start();
    return openApi.compose(read -> serve(new AlarmApi(store, clock), new OpsApi(opsStore), read));
  }

  private Future<?> serve(AlarmApi api, OpsApi ops, OpenApi openApi) {
    Identity identity = new Identity(vertx, settings, clock);
    server = new WebServer(vertx, settings);
    var routes = server.router();
    var staff = identity.requireStaffOf("barId");
    routes
        .get("/bars/:barId/alarms")
        .handler(staff)
        .handler(openApi.check("listAlarms"))
        .handler(answering(api::list));
    routes
        .post("/bars/:barId/alarms/:alarmId/acknowledge")
        .handler(staff)
        .handler(openApi.check("acknowledgeAlarm"))
        .handler(answering(api::acknowledge));
    routes.get("/ops/alarms").handler(answering(ops::alarms));
    server
        .health()
        .readyWhen("database", () -> database.ping().map(true))
        .readyOnce("kafka", orders::isAssigned);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    if (server == null) {
      return Future.succeededFuture();
    }
    return server
        .drain(Future::succeededFuture)
        .onSuccess(drained -> outbox.stop())
        .compose(drained -> Future.join(orders.stop(), deadLetters.stop()))
        .otherwiseEmpty()
        .compose(stopped -> publisher.close())
        .eventually(() -> database.close());
  }
}
