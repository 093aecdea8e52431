package cinema.gatling;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A staff board that comes back where it left off whenever its feed ends, and counts its gaps. */
final class LastingBoard implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int PAUSE_MILLIS = 100;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI baseUrl;
  private final String barId;
  private final String staffToken;
  private final Thread thread = Thread.ofPlatform().daemon().name("board").unstarted(this::keep);
  private volatile boolean closed;
  private volatile int openings;
  private volatile int gaps;
  private volatile String epoch = "";
  private volatile long seq = -1;

  LastingBoard(URI baseUrl, String barId, String staffToken) {
    this.baseUrl = baseUrl;
    this.barId = barId;
    this.staffToken = staffToken;
  }

  void start() {
    thread.start();
  }

  /** How often it was on the feed. */
  int openings() {
    return openings;
  }

  /** How often a number did not follow the one before, or everything was told anew. */
  int gaps() {
    return gaps;
  }

  private void keep() {
    while (!closed) {
      try {
        follow();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return; // closed
      } catch (ExecutionException | TimeoutException e) {
        // Nobody there just now: it is tried again.
      }
    }
  }

  /** One connection, until it ends. */
  private void follow() throws InterruptedException, ExecutionException, TimeoutException {
    CountDownLatch ended = new CountDownLatch(1);
    String resume = seq < 0 ? "" : "?epoch=" + epoch + "&since=" + seq;
    WebSocket socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + staffToken)
            .buildAsync(
                URI.create("ws://" + baseUrl.getAuthority() + "/feed/bars/" + barId + resume),
                new Line(ended))
            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    openings++;
    try {
      ended.await();
    } finally {
      socket.abort();
    }
  }

  private void hear(FeedFrame frame) {
    boolean anew = frame.type().equals("snapshot");
    if (seq >= 0 && (anew || frame.seq() != seq + 1)) {
      gaps++;
    }
    if (anew) {
      epoch = frame.epoch();
    }
    seq = frame.seq();
  }

  /** What one connection says. */
  private final class Line implements WebSocket.Listener {
    private final CountDownLatch ended;
    private final StringBuilder text = new StringBuilder();

    private Line(CountDownLatch ended) {
      this.ended = ended;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        hear(FeedFrame.of(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      ended.countDown();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended.countDown();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    http.shutdownNow();
  }
}
