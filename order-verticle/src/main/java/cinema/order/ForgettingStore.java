package cinema.order;

import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.UUID;

/** What orders say of their customers, to be forgotten. */
final class ForgettingStore {
  /**
   * An empty name is the mark itself: no order is placed without one. The rows are locked in their
   * order, so that this and a batch of cancels cannot deadlock. The limit counts what was still to
   * be forgotten once it was locked, so fewer than that means that none is left.
   */
  static final String FORGET =
      """
      WITH theirs AS MATERIALIZED (
        SELECT order_id FROM customer_order WHERE customer_id = $1 AND customer_name <> ''
      ), due AS MATERIALIZED (
        SELECT order_id FROM customer_order o JOIN theirs USING (order_id)
         WHERE customer_name <> ''
         ORDER BY order_id LIMIT $2
           FOR UPDATE OF o)
      UPDATE customer_order o
         SET customer_name = '', customer_phone = NULL, seat = NULL, note = NULL, fingerprint = NULL
        FROM due WHERE o.order_id = due.order_id
      RETURNING o.order_id, o.bar_id
      """;

  /** Names the event beside 1, placed, and 2, cancelled; the order's own version stays. */
  private static final int FORGOTTEN_VERSION = 3;

  private final Outbox<OrderEvent> outbox;

  ForgettingStore(Outbox<OrderEvent> outbox) {
    this.outbox = outbox;
  }

  /**
   * Forgets whose some of a customer's orders were, and tells everybody.
   *
   * @return how many; fewer than {@code most} when none is left
   */
  Future<Integer> forget(UUID customerId, int most, Instant now, Trace trace) {
    return outbox.telling(
        (connection, events) ->
            connection
                .preparedQuery(FORGET)
                .execute(Tuple.of(customerId, most))
                .map(
                    rows -> {
                      for (Row row : rows) {
                        OrderEvent event =
                            new OrderForgotten(
                                row.getUUID("order_id"),
                                FORGOTTEN_VERSION,
                                now,
                                row.getString("bar_id"));
                        events.add(new Told<>(event, trace));
                      }
                      return rows.size();
                    }));
  }
}
