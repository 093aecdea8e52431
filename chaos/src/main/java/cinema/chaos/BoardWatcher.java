package cinema.chaos;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Wire;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Keeps a board on its bar's live feed: comes back, where it left off, whenever it is cut off. */
final class BoardWatcher implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(5);

  /** A feed pings every 15 s: one that says nothing for longer is not there any more. */
  static final Duration SILENCE = Duration.ofSeconds(20);

  private static final Duration LEAST_PAUSE = Duration.ofMillis(100);
  private static final Duration MOST_PAUSE = Duration.ofMillis(500);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(OPENING).build();
  private final URI door;
  private final String barId;
  private final String token;
  private final Board board;
  private final Duration silence;
  private final Pause pause;
  private final RandomGenerator random;
  private final Thread thread;
  private volatile boolean closed;
  private volatile int connections;
  private volatile int refusals;

  /**
   * @param door the front door, such as {@code http://127.0.0.1:8080}
   * @param token of staff that may serve the bar
   * @param silence for how long a feed may say nothing, not even a ping
   */
  BoardWatcher(
      URI door,
      String barId,
      String token,
      Board board,
      Duration silence,
      Pause pause,
      RandomGenerator random) {
    this.door = door;
    this.barId = barId;
    this.token = token;
    this.board = board;
    this.silence = silence;
    this.pause = pause;
    this.random = random;
    this.thread = Thread.ofVirtual().name("board of " + barId).unstarted(this::keep);
  }

  void start() {
    thread.start();
  }

  /** How often it was on the feed. */
  int connections() {
    return connections;
  }

  /** How often it was refused, or nobody answered. */
  int refusals() {
    return refusals;
  }

  /** Leaves the feed; the board stays as it is. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    http.shutdownNow();
  }

  private void keep() {
    try {
      while (!closed) {
        follow();
        pause.take(Chance.between(random, LEAST_PAUSE, MOST_PAUSE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection, until it ends for whatever reason. */
  private void follow() throws InterruptedException {
    Line line = new Line();
    CompletableFuture<WebSocket> opening =
        http.newWebSocketBuilder()
            .connectTimeout(OPENING)
            .header("Authorization", "Bearer " + token)
            .buildAsync(feed(), line);
    try {
      opening.get(OPENING.toMillis(), TimeUnit.MILLISECONDS);
      connections++;
      line.untilOver();
    } catch (ExecutionException | TimeoutException e) {
      // Refused, or nobody answered: what a service under attack does; it is tried again.
      refusals++;
    } finally {
      line.end();
      opening.thenAccept(WebSocket::abort);
    }
  }

  private URI feed() {
    return URI.create("ws://" + door.getAuthority() + "/feed/bars/" + barId + board.resume());
  }

  /** What one connection says, until it is over: then no late word of it reaches the board. */
  private final class Line implements WebSocket.Listener {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final StringBuilder text = new StringBuilder();
    private volatile long heard = System.nanoTime();
    private boolean over;

    /** Until the connection has ended, or has been silent for too long. */
    void untilOver() throws InterruptedException {
      long left = silence.toNanos();
      while (left > 0 && !ended.await(left, TimeUnit.NANOSECONDS)) {
        left = heard + silence.toNanos() - System.nanoTime();
      }
    }

    synchronized void end() {
      over = true;
    }

    private synchronized void apply(String message) {
      if (!over) {
        try {
          board.apply(Wire.decode(message, FeedMessage.class));
        } catch (Wire.Unreadable e) {
          board.unreadable(e.getMessage());
        }
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      heard = System.nanoTime();
      text.append(part);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        apply(message);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      heard = System.nanoTime();
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      ended.countDown();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      ended.countDown();
    }
  }
}
