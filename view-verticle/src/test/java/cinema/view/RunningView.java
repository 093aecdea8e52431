package cinema.view;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import cinema.shared.contract.Event;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.MyOrdersMessage;
import cinema.shared.contract.PickupMessage;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A view that runs, and beside it what another replica has: the same database and the event bus.
 */
final class RunningView implements AutoCloseable {
  final Bench bench;
  final int port = FreePort.find();
  final Database database;
  final ViewStore store;
  final FeedStore feeds;
  final TicketStore tickets;
  final FanOut fanOut;

  private final String deployment;
  private final FollowOrders anotherReplica;
  private final WebClient web;
  private final WebSocketClient sockets;
  private final NetClient tcp;

  RunningView(Bench bench) {
    this(bench, Map.of());
  }

  RunningView(Bench bench, Map<String, String> changes) {
    this.bench = bench;
    Settings settings =
        bench.settings().with(changes).with(Map.of("HTTP_PORT", Integer.toString(port)));
    deployment = await(bench.vertx().deployVerticle(new ViewVerticle(settings)));
    database = bench.database("cinema/view/migrations");
    store = new ViewStore(database);
    feeds = new FeedStore(database);
    tickets = new TicketStore(database);
    fanOut = new FanOut(bench.vertx());
    anotherReplica = new FollowOrders(store, fanOut);
    web = WebClient.create(bench.vertx());
    sockets =
        bench
            .vertx()
            .createWebSocketClient(
                new WebSocketClientOptions()
                    .setMaxMessageSize(16 * 1024 * 1024)
                    .setReceiveBufferSize(64 * 1024)
                    .setMaxConnections(50));
    tcp = bench.vertx().createNetClient(new NetClientOptions().setReceiveBufferSize(4096));
  }

  /** A batch of events that another replica stores and sends on. */
  void follow(Event... batch) {
    follow(List.of(batch));
  }

  void follow(List<? extends Event> batch) {
    List<Told<? extends Event>> told = new ArrayList<>();
    batch.forEach(event -> told.add(new Told<>(event, Trace.begin())));
    await(anotherReplica.on(told));
  }

  HttpResponse<Buffer> get(String uri, String token) {
    return call(HttpMethod.GET, uri, token);
  }

  /**
   * @param token null for none
   */
  HttpResponse<Buffer> call(HttpMethod method, String uri, String token) {
    HttpRequest<Buffer> request = web.request(method, port, "127.0.0.1", uri);
    if (token != null) {
      request.bearerTokenAuthentication(token);
    }
    return await(request.send());
  }

  /**
   * Opens a feed.
   *
   * @param token null for none
   */
  Feed<FeedMessage> open(String uri, String token) {
    return new Feed<>(sockets, where(uri, token), FeedMessage.class);
  }

  /** Opens a pickup screen's feed, as a stranger. */
  Feed<PickupMessage> openPickup(String uri) {
    return new Feed<>(sockets, where(uri, null), PickupMessage.class);
  }

  Feed<MyOrdersMessage> openMyOrders(String query, String token) {
    return new Feed<>(sockets, where("/feed/my-orders" + query, token), MyOrdersMessage.class);
  }

  /** Opens a bar's feed through a port that leads here, and opens it again whenever it is cut. */
  Follower follower(String bar, int through) {
    String token = bench.staffToken(bar);
    return new Follower(
        bench.vertx(), sockets, where("/", token).setPort(through), "/feed/bars/" + bar);
  }

  private WebSocketConnectOptions where(String uri, String token) {
    WebSocketConnectOptions where =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(uri);
    if (token != null) {
      where.addHeader("authorization", "Bearer " + token);
    }
    return where;
  }

  /** Opens a feed over bare TCP with a small receive buffer, and reads nothing from it. */
  NetSocket openUnread(String uri, String token) {
    NetSocket socket = await(tcp.connect(port, "127.0.0.1"));
    Promise<String> answer = Promise.promise();
    socket.handler(
        head -> {
          socket.pause();
          answer.tryComplete(head.toString());
        });
    socket.write(
        """
        GET %s HTTP/1.1
        Host: 127.0.0.1
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        Authorization: Bearer %s

        """
            .formatted(uri, token)
            .replace("\n", "\r\n"));
    assertThat(await(answer.future())).startsWith("HTTP/1.1 101");
    return socket;
  }

  String ticket(String token) {
    return call(HttpMethod.POST, "/feed-tickets", token).bodyAsJsonObject().getString("ticket");
  }

  void undeploy() {
    await(bench.vertx().undeploy(deployment));
  }

  @Override
  public void close() {
    bench.close();
  }
}
