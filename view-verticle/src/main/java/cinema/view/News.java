package cinema.view;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.PickupMessage;
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
 * What happened at one bar, with consecutive numbers.
 *
 * @param first the number of the first change
 * @param since when the oldest of it happened; null when that is not known
 */
record News(String barId, String epoch, long first, List<Change> changes, Instant since) {
  /**
   * One of them: an order, or an alarm and then neither order nor customer. It becomes text where
   * somebody looks at it.
   *
   * @param customerId whose order it is; null where it is not needed
   * @param traceparent of what it tells; null where nobody collects
   */
  record Change(long seq, Order order, UUID customerId, Alarm alarm, String traceparent) {
    static Change of(long seq, Alarm alarm) {
      return new Change(seq, null, null, alarm, null);
    }

    static Change of(long seq, Order order, UUID customerId) {
      return new Change(seq, order, customerId, null, null);
    }

    /** The id of what it tells of. */
    UUID about() {
      return order == null ? alarm.alarmId() : order.orderId();
    }

    Change within(Trace trace) {
      return new Change(seq, order, customerId, alarm, trace.traceparent());
    }

    /** As the staff's board is told. */
    FeedMessage onBoard() {
      if (order == null) {
        return new FeedMessage.AlarmChanged(seq, alarm);
      }
      return order.status().isOpen()
          ? new FeedMessage.OrderChanged(seq, order)
          : new FeedMessage.Removed(seq, order.orderId(), order.status());
    }

    /**
     * As the pickup screen is told.
     *
     * @return null when it does not show there
     */
    PickupMessage onPickup() {
      return order == null ? null : PickupMessage.of(seq, order);
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

  News(String barId, String epoch, long first, List<Change> changes) {
    this(barId, epoch, first, changes, null);
  }

  News since(Instant happened) {
    return new News(barId, epoch, first, changes, happened);
  }

  long last() {
    return first + changes.size() - 1;
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
    List<Change> both = new ArrayList<>(changes);
    both.addAll(next.changes);
    return new News(barId, epoch, first, both, earlier(since, next.since));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }
}
