package cinema.order;

import static cinema.order.OrderStore.utc;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Orders of which their bars have not said anything yet. */
final class AnnouncementStore {
  /**
   * Each time an order waits twice as long as before, up to a minute: the bar may be away for
   * hours, and has to read all of it when it returns.
   */
  private static final String CLAIM =
      """
      WITH due AS MATERIALIZED (
        SELECT order_id FROM unconfirmed
         WHERE announced_at < $2
           AND announced_at + least(announced_at - placed_at, interval '1 minute') <= $1
         ORDER BY announced_at LIMIT $3
           FOR UPDATE SKIP LOCKED)
      UPDATE unconfirmed u SET announced_at = $1
        FROM due JOIN customer_order o USING (order_id)
       WHERE u.order_id = due.order_id
      RETURNING o.trace,
      """
          + OrderStore.COLUMNS;

  private final Database database;

  AnnouncementStore(Database database) {
    this.database = database;
  }

  /**
   * Claims orders that were announced long enough ago, the longest ago first; another process
   * passes over them meanwhile.
   *
   * @param unconfirmed for how long, at least
   * @return for each the very event that was told when it was placed
   */
  Future<List<Told<OrderEvent>>> claim(Instant now, Duration unconfirmed, int most) {
    return database
        .execute(CLAIM, Tuple.of(utc(now), utc(now.minus(unconfirmed)), most))
        .map(rows -> rows.stream().map(AnnouncementStore::announcement).toList());
  }

  private static Told<OrderEvent> announcement(Row row) {
    Order order = OrderStore.order(row);
    return new Told<>(
        new OrderPlaced(
            order.orderId(),
            1,
            order.placedAt(),
            order.barId(),
            row.getUUID("customer_id"),
            order.pickupNumber(),
            order.lines(),
            order.total(),
            order.currency(),
            order.customer(),
            order.seat(),
            order.note(),
            order.readyBy()),
        OrderStore.trace(row.getString("trace")));
  }
}
