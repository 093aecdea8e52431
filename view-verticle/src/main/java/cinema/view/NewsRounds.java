package cinema.view;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sends news in rounds: at once while a round is short, and else with a rest twice as long as the
 * round before. What comes meanwhile goes out together, in one write a socket, so that a thousand
 * boards leave most of the event loop, and of their own machines, to others (decision 0005).
 *
 * <p>All on one event loop, the one that its sockets are on.
 */
final class NewsRounds {
  /** A shorter round is no burden, whatever else made it wait. */
  private static final int SHORT_MILLIS = 5;

  private static final int LONGEST_REST_MILLIS = 50;

  /** Beyond that none of it is kept: the feed finds the gap, and reads what is missing. */
  private static final int MOST_WAITING = 1000;

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final Consumer<List<News>> send;
  private final List<News> waiting = new ArrayList<>();
  private boolean busy;

  /**
   * @param nanoTime such as {@link System#nanoTime()}
   */
  NewsRounds(Vertx vertx, LongSupplier nanoTime, Consumer<List<News>> send) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.send = send;
  }

  void add(News news) {
    if (waiting.size() == MOST_WAITING) {
      waiting.clear();
    }
    waiting.add(news);
    if (!busy) {
      begin();
    }
  }

  private void begin() {
    busy = true;
    long began = nanoTime.getAsLong();
    List<News> round = List.copyOf(waiting);
    waiting.clear();
    try {
      send.accept(round);
    } finally {
      // After the sockets' own writes, which Netty has put off until here.
      vertx.runOnContext(written -> rest(nanoTime.getAsLong() - began));
    }
  }

  private void rest(long tookNanos) {
    long millis = restAfter(TimeUnit.NANOSECONDS.toMillis(tookNanos));
    if (millis == 0) {
      goOn();
    } else {
      vertx.setTimer(millis, rested -> goOn());
    }
  }

  /** For how many milliseconds, after a round of so many. */
  static long restAfter(long millis) {
    return millis < SHORT_MILLIS ? 0 : Math.min(LONGEST_REST_MILLIS, 2 * millis);
  }

  private void goOn() {
    busy = false;
    if (!waiting.isEmpty()) {
      begin();
    }
  }
}
