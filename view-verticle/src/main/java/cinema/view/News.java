package cinema.view;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.MyOrdersMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.PickupMessage;
import cinema.shared.contract.Wire;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;
import cinema.shared.service.Tracing.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What happened at one bar, with consecutive numbers, as text frames: encoded once, for all
 * sockets.
 *
 * @param first the number of the first frame
 * @param since when the oldest of it happened; null when that is not known
 */
record News(String barId, String epoch, long first, List<Frames> frames, Instant since) {
  /**
   * One of them, as each screen shows it.
   *
   * @param pickup null when it does not show there
   * @param customer as the customer sees it, whose it is; both null for an alarm
   * @param traceparent of what it tells; null where nobody collects
   */
  record Frames(String board, String pickup, UUID customerId, String customer, String traceparent) {
    static Frames of(long seq, Alarm alarm) {
      FeedMessage message = new FeedMessage.AlarmChanged(seq, alarm);
      return new Frames(Wire.encode(message), null, null, null, null);
    }

    /**
     * @param customerId null where it is not needed
     */
    static Frames of(long seq, Order order, UUID customerId) {
      FeedMessage board =
          order.status().isOpen()
              ? new FeedMessage.OrderChanged(seq, order)
              : new FeedMessage.Removed(seq, order.orderId(), order.status());
      MyOrdersMessage customer = customerId == null ? null : new MyOrdersMessage.Changed(order);
      return new Frames(
          Wire.encode(board),
          Wire.encode(PickupMessage.of(seq, order)),
          customerId,
          customer == null ? null : Wire.encode(customer),
          null);
    }

    Frames within(Trace trace) {
      return new Frames(board, pickup, customerId, customer, trace.traceparent());
    }

    /** That it is on its way to so many sockets: where an order's trace ends. */
    void sentTo(int sockets, String feed) {
      if (traceparent != null && sockets > 0) {
        Tracing.here()
            .begin(Work.HERE, "send to sockets", Trace.from(traceparent, null))
            .say("feed", feed)
            .say("sockets", sockets)
            .end(null);
      }
    }
  }

  News(String barId, String epoch, long first, List<Frames> frames) {
    this(barId, epoch, first, frames, null);
  }

  News since(Instant happened) {
    return new News(barId, epoch, first, frames, happened);
  }

  long last() {
    return first + frames.size() - 1;
  }

  /** The same with as few pieces as can be: what follows one another at a bar is one. */
  static List<News> joined(List<News> round) {
    List<News> ended = new ArrayList<>();
    Map<String, News> last = new LinkedHashMap<>();
    for (News next : round) {
      News before = last.get(next.barId);
      boolean goesOn = before != null && before.isFollowedBy(next);
      if (before != null && !goesOn) {
        ended.add(before);
      }
      last.put(next.barId, goesOn ? before.and(next) : next);
    }
    ended.addAll(last.values());
    return ended;
  }

  private boolean isFollowedBy(News next) {
    return next.epoch.equals(epoch) && next.first == last() + 1;
  }

  private News and(News next) {
    List<Frames> both = new ArrayList<>(frames);
    both.addAll(next.frames);
    return new News(barId, epoch, first, both, earlier(since, next.since));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }
}
