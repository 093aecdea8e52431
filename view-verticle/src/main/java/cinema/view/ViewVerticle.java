package cinema.view;

import static cinema.shared.service.WebServer.answering;

import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.EventReader;
import cinema.shared.service.Caller.Role;
import cinema.shared.service.Database;
import cinema.shared.service.Forgetting;
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

/** Keeps what staff and customers look at, and sends it live. */
public final class ViewVerticle extends VerticleBase {
  private static final int PRUNE_MILLIS = 60_000;

  private final Settings settings;
  private final Clock clock;
  private final Schema schema;

  private Database database;
  private EventPublisher publisher;
  private EventReader events;
  private BarFeed barFeed;
  private MyOrdersFeed myOrdersFeed;
  private Forgetting forgetOrders;
  private WebServer server;

  public ViewVerticle(Settings settings) {
    this.settings = settings;
    this.clock = Clock.systemUTC();
    this.schema = Schema.bringUpToDate(settings, "cinema/view/migrations");
  }

  public static void main(String[] args) {
    Service.run("view", ViewVerticle::new);
  }

  @Override
  public Future<?> start() {
    Future<OpenApi> openApi = OpenApi.load(vertx, "openapi.yaml");
    return schema.open(vertx).compose(opened -> start(opened, openApi));
  }

  private Future<?> start(Database opened, Future<OpenApi> openApi) {
    database = opened;
    // Writes nothing but dead letters: the view tells nobody anything.
    publisher = new EventPublisher(vertx, settings);
    ViewStore store = new ViewStore(database);
    TicketStore tickets = new TicketStore(database);
    FanOut fanOut = new FanOut(vertx);
    FeedStore feeds = new FeedStore(database);
    FeedCount feedCount = new FeedCount(Metrics.of(settings), clock);
    barFeed = new BarFeed(vertx, feeds, feedCount);
    myOrdersFeed = new MyOrdersFeed(vertx, store, feeds);
    FollowOrders followOrders = new FollowOrders(store, fanOut);
    events =
        EventReader.together(
                vertx,
                settings,
                List.of(Topic.ORDERS, Topic.ORDER_REQUESTS, Topic.ALARMS),
                publisher,
                followOrders::on)
            .without(FollowOrders.UNHEEDED);
    forgetOrders = ForgetOrders.of(vertx, settings, store, clock);
    vertx.setPeriodic(PRUNE_MILLIS, timer -> tickets.prune(clock.instant()));
    return fanOut
        .receive(this::on)
        .compose(
            receiving -> {
              barFeed.start();
              myOrdersFeed.start();
              events.start();
              forgetOrders.start();
              return openApi;
            })
        .compose(read -> serve(store, tickets, feedCount, read));
  }

  private void on(News news) {
    barFeed.on(news);
    myOrdersFeed.on(news);
  }

  private Future<?> serve(
      ViewStore store, TicketStore tickets, FeedCount feedCount, OpenApi openApi) {
    Identity identity = new Identity(vertx, settings, clock);
    OpenFeeds openFeeds = new OpenFeeds(settings);
    ViewApi api =
        new ViewApi(store, tickets, barFeed, myOrdersFeed, openFeeds, feedCount, identity, clock);
    server = new WebServer(vertx, settings);
    var routes = server.router();
    routes
        .get("/bars/:barId/orders")
        .handler(identity.requireStaffOf("barId"))
        .handler(openApi.check("listBarOrders"))
        .handler(answering(api::ofBar));
    routes
        .get("/my-orders")
        .handler(identity.require(Role.CUSTOMER))
        .handler(openApi.check("listMyOrders"))
        .handler(answering(api::mine));
    routes
        .post("/feed-tickets")
        .handler(identity.requireAnyone())
        .handler(answering(api::openTicket));
    routes.get("/feed/my-orders").handler(api::openMyOrdersFeed);
    routes.get("/feed/bars/:barId").handler(api::openBarFeed);
    routes.get("/feed/bars/:barId/pickup").handler(api::openPickupFeed);
    Pages.mount(routes);
    server
        .health()
        .readyWhen("database", () -> database.ping().map(true))
        .readyOnce("kafka", events::isAssigned);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    if (server == null) {
      return Future.succeededFuture();
    }
    return server
        .drain(() -> Future.join(barFeed.stop(), myOrdersFeed.stop()))
        .onSuccess(drained -> forgetOrders.stop())
        .compose(drained -> events.stop())
        .otherwiseEmpty()
        .compose(stopped -> publisher.close())
        .eventually(() -> database.close());
  }
}
