package cinema.view;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A board that comes back whenever it is cut off, with the number it has come to. */
final class Follower {
  private static final int COMES_BACK_MILLIS = 5;

  private final Vertx vertx;
  private final WebSocketClient client;
  private final WebSocketConnectOptions where;
  private final String feed;
  private final Map<UUID, Order> orders = new TreeMap<>();
  private final List<Long> numbers = new ArrayList<>();
  private ClientWebSocket socket;
  private String epoch = "";
  private long since = -1;
  private int snapshots;
  private int connections;
  private boolean left;

  /**
   * @param where without the feed
   */
  Follower(Vertx vertx, WebSocketClient client, WebSocketConnectOptions where, String feed) {
    this.vertx = vertx;
    this.client = client;
    this.where = where;
    this.feed = feed;
    connect();
  }

  private synchronized void connect() {
    if (left) {
      return;
    }
    socket = client.webSocket();
    socket.textMessageHandler(text -> take(Wire.decode(text, FeedMessage.class)));
    socket.exceptionHandler(cut -> {});
    socket.closeHandler(closed -> comeBack());
    socket
        .connect(
            new WebSocketConnectOptions(where).setURI(feed + "?epoch=" + epoch + "&since=" + since))
        .onSuccess(connected -> connections++)
        .onFailure(refused -> comeBack());
  }

  private void comeBack() {
    vertx.setTimer(COMES_BACK_MILLIS, timer -> connect());
  }

  private synchronized void take(FeedMessage message) {
    since = message.seq();
    switch (message) {
      case FeedMessage.Snapshot snapshot -> {
        snapshots++;
        epoch = snapshot.epoch();
        orders.clear();
        snapshot.orders().forEach(order -> orders.put(order.orderId(), order));
        return;
      }
      case FeedMessage.OrderChanged changed ->
          orders.put(changed.order().orderId(), changed.order());
      case FeedMessage.Removed removed -> orders.remove(removed.orderId());
      case FeedMessage.AlarmChanged alarm -> {}
    }
    numbers.add(message.seq());
  }

  synchronized boolean hasReached(long seq) {
    return since == seq;
  }

  /** The numbers of all messages but snapshots, as they came. */
  synchronized List<Long> numbers() {
    return List.copyOf(numbers);
  }

  synchronized List<Order> board() {
    return List.copyOf(orders.values());
  }

  synchronized int snapshots() {
    return snapshots;
  }

  synchronized int connections() {
    return connections;
  }

  synchronized void leave() {
    left = true;
    socket.close();
  }
}
