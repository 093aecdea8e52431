package cinema.view;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.Order;
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All SQL by which the feeds begin, go on where they broke off, and forget. */
final class FeedStore {
  private static final String OPEN_FEED =
      """
      INSERT INTO feed (bar_id, epoch, seq) VALUES ($1, gen_random_uuid()::text, 0)
          ON CONFLICT DO NOTHING
      """;

  /** More than anybody can look through, and little enough for the memory of a process. */
  static final int MOST_SHOWN = 1000;

  /** The numbering and the board of one moment: one statement sees one snapshot. */
  static final String SNAPSHOT =
      """
      SELECT f.epoch, f.seq, v.status, v.reason, v.details
        FROM feed f
        LEFT JOIN LATERAL (
             SELECT * FROM order_view
              WHERE bar_id = f.bar_id AND details IS NOT NULL
                AND status IN ('PLACED', 'PREPARING', 'READY')
              ORDER BY order_id LIMIT $2) v ON true
       WHERE f.bar_id = $1
       ORDER BY v.order_id
      """;

  /**
   * What was numbered since, each order as it is now, and where the numbering stands: asked at
   * once, for between two questions something may happen. Each order is looked up by itself: left
   * to choose, PostgreSQL reads all of the view for a handful of them.
   */
  static final String SINCE =
      """
      SELECT f.seq AS now, m.seq, m.alarm, v.status, v.reason, v.details
        FROM feed f
        LEFT JOIN LATERAL (
             SELECT last - cardinality(order_ids) + nth AS seq, order_id, alarm
               FROM feed_log, unnest(order_ids, alarms) WITH ORDINALITY AS a(order_id, alarm, nth)
              WHERE bar_id = f.bar_id AND last > $3 AND last - cardinality(order_ids) + nth > $3
              ORDER BY last, nth LIMIT $4) m ON true
        LEFT JOIN LATERAL (
             SELECT * FROM order_view
              WHERE bar_id = f.bar_id AND order_id = m.order_id LIMIT 1) v ON true
       WHERE f.bar_id = $1 AND f.epoch = $2
       ORDER BY m.seq
      """;

  private static final String NUMBERS =
      "SELECT bar_id, epoch, seq FROM feed WHERE $1::text[] IS NULL OR bar_id = ANY($1)";

  private static final String PRUNE =
      """
      DELETE FROM feed_log l USING feed f WHERE f.bar_id = l.bar_id AND l.last <= f.seq - $1
      """;

  private final Database database;

  FeedStore(Database database) {
    this.database = database;
  }

  /** Where a bar's numbering stands. */
  record Number(String epoch, long seq) {
    boolean hasReached(Number other) {
      return epoch.equals(other.epoch) && seq >= other.seq;
    }

    boolean isFollowedBy(News news) {
      return epoch.equals(news.epoch()) && news.first() == seq + 1;
    }
  }

  /**
   * What is on a bar's board, at most {@link #MOST_SHOWN}, the oldest; begins its numbering, if
   * nothing has happened there yet.
   */
  Future<FeedMessage.Snapshot> snapshot(String barId) {
    return look(barId)
        .compose(
            snapshot ->
                snapshot.epoch().isEmpty()
                    ? database.execute(OPEN_FEED, Tuple.of(barId)).compose(opened -> look(barId))
                    : Future.succeededFuture(snapshot));
  }

  /**
   * The same for whoever must not write anything.
   *
   * @return with an empty epoch when the bar's numbering has not begun
   */
  Future<FeedMessage.Snapshot> look(String barId) {
    return database
        .execute(SNAPSHOT, Tuple.of(barId, MOST_SHOWN + 1))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return new FeedMessage.Snapshot("", 0, List.of(), null);
              }
              List<Order> orders = new ArrayList<>();
              for (Row row : rows) {
                if (row.getString("details") != null) {
                  orders.add(ViewStore.order(row));
                }
              }
              Row any = rows.iterator().next();
              boolean more = orders.size() > MOST_SHOWN;
              return new FeedMessage.Snapshot(
                  any.getString("epoch"),
                  any.getLong("seq"),
                  more ? orders.subList(0, MOST_SHOWN) : orders,
                  more ? true : null);
            });
  }

  /**
   * What came after a number.
   *
   * @return without changes when nothing came; null when it cannot be told without a gap, and only
   *     a snapshot helps
   */
  Future<News> since(String barId, String epoch, long seq, int most) {
    return database
        .execute(SINCE, Tuple.of(barId, epoch, seq, most))
        .map(rows -> since(new News(barId, epoch, seq + 1, new ArrayList<>()), rows));
  }

  private static News since(News news, RowSet<Row> rows) {
    if (rows.size() == 0) {
      return null;
    }
    for (Row row : rows) {
      Long seq = row.getLong("seq");
      if (seq == null) {
        return row.getLong("now") == news.last() ? news : null;
      }
      String alarm = row.getString("alarm");
      boolean isForgotten = alarm == null && row.getString("details") == null;
      if (seq != news.last() + 1 || isForgotten) {
        return null;
      }
      news.changes()
          .add(
              alarm == null
                  ? News.Change.of(seq, ViewStore.order(row), null)
                  : News.Change.of(seq, Wire.decode(alarm, Alarm.class)));
    }
    return news;
  }

  /** Where the numbering of these bars stands. */
  Future<Map<String, Number>> numbers(Collection<String> barIds) {
    return numbers(barIds.toArray(String[]::new));
  }

  /** Where the numbering of all bars stands. */
  Future<Map<String, Number>> numbers() {
    return numbers((String[]) null);
  }

  private Future<Map<String, Number>> numbers(String[] barIds) {
    return database
        .execute(NUMBERS, Tuple.of((Object) barIds))
        .map(
            rows -> {
              Map<String, Number> numbers = new TreeMap<>();
              for (Row row : rows) {
                numbers.put(
                    row.getString("bar_id"),
                    new Number(row.getString("epoch"), row.getLong("seq")));
              }
              return numbers;
            });
  }

  /** Forgets what was numbered long ago, but for at least this many messages of each bar. */
  Future<Void> prune(int kept) {
    return database.execute(PRUNE, Tuple.of(kept)).mapEmpty();
  }
}
