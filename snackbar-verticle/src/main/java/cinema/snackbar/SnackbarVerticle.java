package cinema.snackbar;

import static cinema.shared.service.WebServer.answering;

import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.Topic;
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
import cinema.shared.service.Trace;
import cinema.shared.service.WebServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;

/** Keeps each bar's menu and its order requests, and settles cancel against start. */
public final class SnackbarVerticle extends VerticleBase {
  private final Settings settings;
  private final Clock clock;
  private final Schema schema;

  private Database database;
  private EventPublisher publisher;
  private Outbox<OrderRequestEvent> requestOutbox;
  private Outbox<MenuEvent> menuOutbox;
  private EventReader orders;
  private AnswerCancel answerCancel;
  private WebServer server;

  public SnackbarVerticle(Settings settings) {
    this.settings = settings;
    this.clock = Clock.systemUTC();
    this.schema = Schema.bringUpToDate(settings, "cinema/snackbar/migrations");
  }

  public static void main(String[] args) {
    Service.run("snackbar", SnackbarVerticle::new);
  }

  @Override
  public Future<?> start() {
    Future<OpenApi> openApi = OpenApi.load(vertx, "openapi.yaml");
    return schema.open(vertx).compose(opened -> start(opened, openApi));
  }

  private Future<?> start(Database opened, Future<OpenApi> openApi) {
    database = opened;
    publisher = new EventPublisher(vertx, settings);
    requestOutbox = new Outbox<>(vertx, database, publisher, Topic.ORDER_REQUESTS, clock);
    menuOutbox = new Outbox<>(vertx, database, publisher, Topic.MENUS, clock);
    MenuStore menus = new MenuStore(database, menuOutbox);
    menuOutbox.whenLost(connection -> menus.everything(connection, clock.instant(), Trace.begin()));
    OrderRequestStore requests = new OrderRequestStore(requestOutbox, menus);
    TakeInOrders takeInOrders = new TakeInOrders(requests, clock);
    Metrics metrics = Metrics.of(settings);
    answerCancel = new AnswerCancel(requests, metrics, clock);
    TakeStep takeStep = new TakeStep(requests, metrics, clock);
    orders =
        EventReader.together(vertx, settings, List.of(Topic.ORDERS), publisher, takeInOrders::on)
            .resting();

    MenuFile menuFile = MenuFile.read(settings.text("MENU_FILE", ""));
    return menus
        .add(menuFile.described(), menuFile.items())
        .compose(added -> menus.tellAll(clock.instant(), Trace.begin()))
        .compose(
            told -> {
              requestOutbox.start();
              menuOutbox.start();
              orders.start();
              return answerCancel.start(vertx);
            })
        .compose(answering -> openApi)
        .compose(read -> serve(new SnackbarApi(takeStep, menus, clock), read));
  }

  private Future<?> serve(SnackbarApi api, OpenApi openApi) {
    Identity identity = new Identity(vertx, settings, clock);
    server = new WebServer(vertx, settings);
    var routes = server.router();
    var staff = identity.requireStaffOf("barId");
    for (Step step : Step.values()) {
      routes
          .post("/bars/:barId/orders/:orderId/" + step.path())
          .handler(staff)
          .handler(openApi.check(step.operationId()))
          .handler(answering(context -> api.step(step, context)));
    }
    routes
        .patch("/bars/:barId/menu/:itemId")
        .handler(staff)
        .handler(openApi.check("changeMenuItem"))
        .handler(answering(api::changeItem));
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
    answerCancel.drain();
    return server
        .drain(Future::succeededFuture)
        .onSuccess(
            drained -> {
              requestOutbox.stop();
              menuOutbox.stop();
            })
        .compose(drained -> Future.join(answerCancel.stop(), orders.stop()))
        .otherwiseEmpty()
        .compose(stopped -> publisher.close())
        .eventually(() -> database.close());
  }
}
