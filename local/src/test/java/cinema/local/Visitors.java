package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.eventually;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Customers and staff who go on whatever happens behind the front door: each order is looked at and
 * taken back, on a schedule that waits for nobody, over connections that are kept; a board comes
 * back where it left off. Nothing is asked twice.
 */
final class Visitors implements AutoCloseable {
  private static final int EVERY_MILLIS = 50;
  private static final int THOUGHT_MILLIS = 300;
  private static final int WARM = 100;

  private final Vertx vertx;
  private final int port;
  private final String customer;
  private final String staff;
  private final WebClient client;
  private final WebSocketClient sockets;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<String> gaps = new CopyOnWriteArrayList<>();
  private final AtomicInteger orders = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger boards = new AtomicInteger();
  private long timer = -1;
  private volatile boolean closed;
  private String epoch = "";
  private long seq = -1;

  Visitors(Vertx vertx, int port, Product product) {
    this.vertx = vertx;
    this.port = port;
    this.customer = product.customer();
    this.staff = product.staffOf("lobby");
    this.client =
        WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(20));
    this.sockets = vertx.createWebSocketClient();
  }

  /** Begins, and returns once what happens to them is usual. */
  void warmUp() {
    vertx.runOnContext(now -> openBoard());
    timer = vertx.setPeriodic(EVERY_MILLIS, due -> order());
    eventually("everything is warm", () -> orders.get() > WARM && boards.get() == 1);
    failures.clear();
  }

  /** No more orders; returns when all have been answered. */
  void leave() {
    vertx.cancelTimer(timer);
    eventually("all are answered", () -> waiting.get() == 0);
  }

  /** What was not answered as it should be. */
  List<String> failures() {
    return failures;
  }

  /** Where the board's numbers did not follow one another. */
  List<String> gaps() {
    return gaps;
  }

  int boardsOpened() {
    return boards.get();
  }

  private void order() {
    orders.incrementAndGet();
    waiting.incrementAndGet();
    ask(HttpMethod.POST, "/orders", cola("Mina"), Set.of(201))
        .compose(
            order -> {
              String path = "/orders/" + order.getString("orderId");
              return ask(HttpMethod.GET, path, null, Set.of(200))
                  .compose(seen -> vertx.timer(THOUGHT_MILLIS))
                  // Kept is an answer, too: on a busy machine the bar may take too long.
                  .compose(thought -> ask(HttpMethod.DELETE, path, null, Set.of(200, 202)));
            })
        .onFailure(failure -> failures.add(failure.getMessage()))
        .onComplete(told -> waiting.decrementAndGet());
  }

  private Future<JsonObject> ask(
      HttpMethod method, String path, JsonObject body, Set<Integer> expected) {
    var request =
        client.request(method, port, "127.0.0.1", path).bearerTokenAuthentication(customer);
    Future<HttpResponse<Buffer>> answer =
        body == null ? request.send() : request.sendJsonObject(body);
    return answer.transform(
        got ->
            got.succeeded() && expected.contains(got.result().statusCode())
                ? Future.succeededFuture(got.result().bodyAsJsonObject())
                : Future.failedFuture(
                    method
                        + " "
                        + (got.succeeded()
                            ? got.result().statusCode() + " " + got.result().bodyAsString()
                            : got.cause().toString())));
  }

  private void openBoard() {
    if (closed) {
      return;
    }
    String resume = seq < 0 ? "" : "?epoch=" + epoch + "&since=" + seq;
    sockets
        .connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/feed/bars/lobby" + resume)
                .putHeader("Authorization", "Bearer " + staff))
        .onSuccess(
            socket -> {
              boards.incrementAndGet();
              socket.textMessageHandler(text -> hear(new JsonObject(text)));
              socket.closeHandler(gone -> openBoard());
            })
        .onFailure(failure -> vertx.setTimer(EVERY_MILLIS, again -> openBoard()));
  }

  private void hear(JsonObject message) {
    long next = message.getLong("seq");
    if (message.getString("type").equals("snapshot")) {
      if (seq >= 0) {
        gaps.add("a snapshot after " + seq); // what was missed was still there
      }
      epoch = message.getString("epoch");
    } else if (next != seq + 1) {
      gaps.add(next + " after " + seq);
    }
    seq = next;
  }

  @Override
  public void close() {
    closed = true;
    vertx.cancelTimer(timer);
    client.close();
    sockets.close();
  }
}
