package cinema.order;

import static cinema.shared.service.WebServer.answering;

import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.EventReader;
import cinema.shared.events.Outbox;
import cinema.shared.service.Caller.Role;
import cinema.shared.service.Database;
import cinema.shared.service.Identity;
import cinema.shared.service.IdentitySettings;
import cinema.shared.service.Keys;
import cinema.shared.service.Metrics;
import cinema.shared.service.Schema;
import cinema.shared.service.Service;
import cinema.shared.service.Settings;
import cinema.shared.service.Signer;
import cinema.shared.service.WebServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Takes orders and follows each until it is handed over. */
public final class OrderVerticle extends VerticleBase {
  private final Settings settings;
  private final OrderSettings own;
  private final Clock clock;
  private final Schema schema;

  private Database database;
  private EventPublisher publisher;
  private Outbox<OrderEvent> outbox;
  private EventReader requests;
  private EventReader menus;
  private AskBar askBar;
  private SettleCancels settleCancels;
  private ReannounceOrders reannounceOrders;
  private WebServer server;

  public OrderVerticle(Settings settings) {
    this.settings = settings;
    this.own = OrderSettings.of(settings);
    this.clock = Clock.systemUTC();
    this.schema = Schema.bringUpToDate(settings, "cinema/order/migrations");
  }

  public static void main(String[] args) {
    Service.run("order", OrderVerticle::new);
  }

  @Override
  public Future<?> start() {
    ensureKeys();
    return schema.open(vertx).compose(this::start);
  }

  private void ensureKeys() {
    Keys.ensure(own.signingKeys());
    // Others may also read them over HTTP, from here.
    IdentitySettings.of(settings)
        .sessionKeysFile()
        .ifPresent(file -> Keys.publish(own.signingKeys(), file));
  }

  private Future<?> start(Database opened) {
    database = opened;
    publisher = new EventPublisher(vertx, settings);
    outbox = new Outbox<>(vertx, database, publisher, Topic.ORDERS, clock);
    OrderStore store = new OrderStore(database, outbox);
    Menu menu = new Menu();
    FollowMenus followMenus = new FollowMenus(new MenuStore(database), menu);
    FollowOrderRequests followRequests = new FollowOrderRequests(store, clock);
    PlacingStore placing = new PlacingStore(database);
    Metrics metrics = Metrics.of(settings);
    PlaceOrder placeOrder =
        new PlaceOrder(placing, outbox, menu, metrics, clock, vertx::timer, settings.timeZone());
    reannounceOrders =
        new ReannounceOrders(vertx, new AnnouncementStore(database), publisher, own, clock);
    askBar = new AskBar(vertx, own, metrics, System::nanoTime);
    CancellingStore cancelling = new CancellingStore(database, outbox);
    CancelOrder cancelOrder = new CancelOrder(store, cancelling, askBar, metrics, clock);
    settleCancels = new SettleCancels(vertx, cancelling, cancelOrder, askBar, own, clock);
    requests =
        EventReader.together(
                vertx, settings, List.of(Topic.ORDER_REQUESTS), publisher, followRequests::on)
            .resting();
    menus = EventReader.whole(vertx, settings, Topic.MENUS, publisher, followMenus::on);

    OrderApi api =
        new OrderApi(
            placeOrder,
            cancelOrder,
            new ForgetCustomer(new ForgettingStore(outbox), clock),
            store,
            menu,
            new Signer(vertx, own.signingKeys(), Identity.SESSION_ISSUER, clock),
            own.sessionLife(),
            clock);
    return followMenus
        .recall()
        .compose(
            recalled -> {
              outbox.start();
              requests.start();
              menus.start();
              settleCancels.start();
              reannounceOrders.start();
              return serve(api, menu, new OrderCount(metrics, System::nanoTime));
            });
  }

  private Future<?> serve(OrderApi api, Menu menu, OrderCount orderCount) {
    // What it signs itself it need not be told about.
    Settings ownKeys = settings.with(Map.of("SESSION_KEYS", own.signingKeys().toString()));
    Identity identity = new Identity(vertx, ownKeys, clock);
    server = new WebServer(vertx, settings);
    var routes = server.router();
    var customer = identity.require(Role.CUSTOMER);
    routes
        .post("/sessions")
        .handler(server.limitingSessions())
        .handler(answering(api::openSession));
    routes.get("/session-keys").handler(answering(api::sessionKeys));
    routes.get("/bars").handler(answering(api::bars));
    routes.get("/bars/:barId/menu").handler(answering(api::menu));
    routes
        .post("/orders")
        .handler(orderCount::begin)
        .handler(customer)
        .handler(answering(orderCount.counting(api::place)));
    routes.get("/orders/:orderId").handler(customer).handler(answering(api::find));
    routes.delete("/orders/:orderId").handler(customer).handler(answering(api::cancel));
    routes.delete("/my-data").handler(customer).handler(answering(api::forget));
    routes
        .get("/openapi.yaml")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("content-type", "application/yaml")
                    .sendFile("openapi.yaml"));

    server
        .health()
        .tell("cancel", askBar::detail)
        .readyWhen("database", () -> database.ping().map(true))
        .readyWhen("menu", () -> Future.succeededFuture(!menu.isEmpty()))
        // After a while without Kafka, last time's menu is good enough to take orders.
        .readyOnce("menus", () -> menus.caughtUp().isComplete())
        .readyOnce("kafka", requests::isAssigned);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    if (server == null) {
      return Future.succeededFuture();
    }
    return server
        .drain(Future::succeededFuture)
        .onSuccess(
            drained -> {
              settleCancels.stop();
              askBar.close();
              reannounceOrders.stop();
              outbox.stop();
            })
        .compose(drained -> Future.join(requests.stop(), menus.stop()))
        .otherwiseEmpty()
        .compose(stopped -> publisher.close())
        .eventually(() -> database.close());
  }
}
