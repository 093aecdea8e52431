package cinema.view;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import cinema.shared.service.Answer;
import cinema.shared.service.Caller;
import cinema.shared.service.Identity;
import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import cinema.shared.service.Requests;
import cinema.shared.service.WebServer;
import cinema.view.FeedCount.Feed;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * HTTP for staff and customers who look: orders of a bar, one's own orders, and the feeds' doors.
 */
final class ViewApi {
  private static final int USUALLY = 50;
  private static final Duration TICKET_LIFE = Duration.ofSeconds(30);
  private static final Pattern WEBSOCKET_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private final ViewStore store;
  private final TicketStore tickets;
  private final BarFeed barFeed;
  private final MyOrdersFeed myOrdersFeed;
  private final OpenFeeds openFeeds;
  private final FeedCount feedCount;
  private final Identity identity;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  ViewApi(
      ViewStore store,
      TicketStore tickets,
      BarFeed barFeed,
      MyOrdersFeed myOrdersFeed,
      OpenFeeds openFeeds,
      FeedCount feedCount,
      Identity identity,
      Clock clock) {
    this.store = store;
    this.tickets = tickets;
    this.barFeed = barFeed;
    this.myOrdersFeed = myOrdersFeed;
    this.openFeeds = openFeeds;
    this.feedCount = feedCount;
    this.identity = identity;
    this.clock = clock;
  }

  Future<Answer> ofBar(RoutingContext context) {
    HttpServerRequest request = context.request();
    return store
        .ofBar(
            context.pathParam("barId"),
            statuses(request.getParam("status", "PLACED,PREPARING,READY")),
            cursor(request, "cursor"),
            Requests.number(context, "limit", USUALLY))
        .map(ViewApi::page);
  }

  Future<Answer> mine(RoutingContext context) {
    HttpServerRequest request = context.request();
    return store
        .ofCustomer(
            UUID.fromString(Identity.callerOf(context).id()),
            cursor(request, "before"),
            Requests.number(context, "limit", USUALLY))
        .map(ViewApi::page);
  }

  /** A cursor is absent at the end. */
  private static Answer page(ViewStore.Page page) {
    Map<String, Object> body = new LinkedHashMap<>();
    List<Order> orders = page.orders();
    body.put("orders", orders);
    if (page.nextCursor() != null) {
      body.put("nextCursor", page.nextCursor());
    }
    return Answer.ok(body);
  }

  /**
   * @return null for all
   */
  private static Set<OrderStatus> statuses(String text) {
    if (text.equals("ALL")) {
      return null;
    }
    try {
      return Arrays.stream(text.split(",")).map(OrderStatus::valueOf).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(List.of(new FieldError("status", "must be ALL or a list of statuses")))
          .thrown();
    }
  }

  private static UUID cursor(HttpServerRequest request, String name) {
    String text = request.getParam(name);
    if (text == null) {
      return null;
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(List.of(new FieldError(name, "is not a cursor"))).thrown();
    }
  }

  Future<Answer> openTicket(RoutingContext context) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant expiresAt = clock.instant().plus(TICKET_LIFE);
    return tickets
        .keep(ticket, Identity.callerOf(context), expiresAt)
        .map(kept -> Answer.of(201, Map.of("ticket", ticket, "expiresAt", expiresAt)));
  }

  /** Opens a bar's feed for its staff: by ticket, or by bearer token. */
  void openBarFeed(RoutingContext context) {
    String barId = context.pathParam("barId");
    open(
        context,
        Feed.BOARD,
        caller(context, Caller.Role.STAFF)
            .compose(
                caller ->
                    caller.serves(barId)
                        ? Future.succeededFuture(caller)
                        : Future.failedFuture(Problem.notFound("bar").thrown())),
        (socket, caller) -> openBarFeed(context, socket, Screen.BOARD));
  }

  /** Opens a bar's pickup screen, for everybody. */
  void openPickupFeed(RoutingContext context) {
    open(
        context,
        Feed.PICKUP,
        Future.succeededFuture(null),
        (socket, anybody) -> openBarFeed(context, socket, Screen.PICKUP));
  }

  private void openBarFeed(RoutingContext context, FeedSocket socket, Screen screen) {
    String epoch = context.request().getParam("epoch", "");
    long since = epoch.isEmpty() ? -1 : since(context.request());
    barFeed.open(socket, context.pathParam("barId"), screen, epoch, since);
  }

  /** Opens the caller's own feed: by ticket, or by bearer token. */
  void openMyOrdersFeed(RoutingContext context) {
    open(
        context,
        Feed.MY_ORDERS,
        caller(context, Caller.Role.CUSTOMER),
        (socket, caller) -> myOrdersFeed.open(socket, UUID.fromString(caller.id())));
  }

  /**
   * @param admitted completes with whose feed it is; null for anybody's
   */
  private void open(
      RoutingContext context,
      Feed kind,
      Future<Caller> admitted,
      BiConsumer<FeedSocket, Caller> feed) {
    HttpServerRequest request = context.request();
    request.pause();
    admitted
        .compose(
            caller -> {
              Runnable left = openFeeds.enter(caller, request);
              return upgrade(request)
                  .onFailure(refused -> left.run())
                  .onSuccess(
                      upgraded -> {
                        WebServer.becameSocket(context);
                        FeedSocket socket =
                            new FeedSocket(
                                context.vertx(), upgraded, request.connection(), feedCount);
                        socket.whenLeft(left);
                        socket.whenLeft(feedCount.enter(kind));
                        if (caller != null) {
                          socket.expireAfter(Duration.between(clock.instant(), caller.expires()));
                        }
                        feed.accept(socket, caller);
                      });
            })
        .onFailure(
            failure -> {
              request.resume();
              context.fail(failure);
            });
  }

  /** Asks first what Vert.x will ask, which refuses in words of its own (RFC 6455 §4.2.1). */
  private static Future<ServerWebSocket> upgrade(HttpServerRequest request) {
    String key = request.getHeader("sec-websocket-key");
    boolean wanted =
        request.canUpgradeToWebSocket()
            && "13".equals(request.getHeader("sec-websocket-version"))
            && key != null
            && WEBSOCKET_KEY.matcher(key).matches();
    if (!wanted) {
      return Future.failedFuture(
          Problem.of(426, "websocket", "A live feed", "Open this with a WebSocket.").thrown());
    }
    try {
      new URI(request.uri());
    } catch (URISyntaxException e) {
      return Future.failedFuture(Problem.badRequest("The address is no URI.").thrown());
    }
    return request.toWebSocket();
  }

  private Future<Caller> caller(RoutingContext context, Caller.Role role) {
    return caller(context)
        .compose(
            caller ->
                caller.role() == role
                    ? Future.succeededFuture(caller)
                    : Future.failedFuture(Identity.onlyFor(role).thrown()));
  }

  private Future<Caller> caller(RoutingContext context) {
    String ticket = context.request().getParam("ticket");
    if (ticket == null) {
      return identity.caller(context);
    }
    return tickets
        .redeem(ticket, clock.instant())
        .compose(
            caller ->
                caller == null
                    ? Future.failedFuture(
                        Problem.unauthorized("The ticket is not known, used or too old.").thrown())
                    : Future.succeededFuture(caller));
  }

  private static long since(HttpServerRequest request) {
    try {
      return Math.max(-1, Long.parseLong(request.getParam("since", "-1")));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
