package cinema.view;

import cinema.shared.service.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many feeds are open, which were cut, and how old news is when the boards are sent it. */
final class FeedCount {
  /** Whose feed it is. */
  enum Feed {
    BOARD,
    PICKUP,
    MY_ORDERS
  }

  private final Map<Feed, AtomicInteger> open = new EnumMap<>(Feed.class);
  private final Map<Farewell, Counter> cuts = new EnumMap<>(Farewell.class);
  private final Timer toBoard;
  private final Clock clock;

  FeedCount(Metrics metrics, Clock clock) {
    this.clock = clock;
    for (Feed feed : Feed.values()) {
      AtomicInteger count = new AtomicInteger();
      open.put(feed, count);
      metrics.gauge(
          "intermission.feed.sockets", "Feeds that are open", count::get, "feed", words(feed));
    }
    for (Farewell reason : Farewell.values()) {
      cuts.put(
          reason,
          metrics.counter(
              "intermission.feed.cuts",
              "Feeds that were closed from here",
              "reason",
              words(reason)));
    }
    this.toBoard =
        metrics.timer(
            "intermission.event.to.board",
            "From what happened to that the bar's open screens are sent it, of the oldest in each"
                + " round");
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Counts one more.
   *
   * @return what to run once it is closed
   */
  Runnable enter(Feed feed) {
    AtomicInteger count = open.get(feed);
    count.incrementAndGet();
    return count::decrementAndGet;
  }

  void cut(Farewell reason) {
    cuts.get(reason).increment();
  }

  /**
   * @param since when it happened; null when that is not known
   */
  void told(Instant since) {
    if (since != null) {
      toBoard.record(Duration.between(since, clock.instant()));
    }
  }
}
