package cinema.order;

import static cinema.order.OrderStore.column;
import static cinema.order.OrderStore.order;
import static cinema.order.OrderStore.utc;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.events.Outbox;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Placing orders, and the keys that were placed with. */
final class PlacingStore {
  /**
   * Orders with their keys, pickup numbers and the outbox row in one statement, and so in one
   * transaction that no stopped process can hold open. A key that is known keeps its order out; one
   * that another process takes at the same moment does so too, and only then a number is left out.
   */
  static final String PLACE =
      """
      WITH asked AS (
        SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::text[], $7::bigint[],
                             $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                             $13::timestamptz[], $14::timestamptz[], $15::text[], $16::text[],
                             $17::text[], $18::text[])
          AS t(order_id, customer_id, bar_id, day, lines, total, currency, customer_name,
               customer_phone, seat, note, placed_at, ready_by, key, fingerprint, event, trace)
      ), fresh AS (
        SELECT order_id, customer_id, bar_id, day, lines, total, currency, customer_name,
               customer_phone, seat, note, placed_at, ready_by, key, fingerprint, trace,
               row_number() OVER (PARTITION BY bar_id, day ORDER BY order_id) AS nth,
               count(*) OVER (PARTITION BY bar_id, day) AS many
          FROM asked
         -- Not EXISTS, for which all orders might be read.
         WHERE (SELECT order_id FROM customer_order o
                 WHERE o.customer_id = asked.customer_id AND idempotency_key = key LIMIT 1) IS NULL
      ), counted AS (
        INSERT INTO pickup_number AS p (bar_id, day, last)
        SELECT bar_id, day, count(*) FROM fresh GROUP BY bar_id, day ORDER BY bar_id, day
            ON CONFLICT (bar_id, day) DO UPDATE SET last = p.last + excluded.last
        RETURNING bar_id, day, last
      ), placed AS (
        INSERT INTO customer_order (order_id, customer_id, idempotency_key, fingerprint, bar_id,
            pickup_number, status, version, lines, total, currency, customer_name, customer_phone,
            seat, note, placed_at, ready_by, trace)
        SELECT order_id, customer_id, key, fingerprint, bar_id, last - many + nth, 'PLACED', 1,
               lines, total, currency, customer_name, customer_phone, seat, note, placed_at,
               ready_by, trace
          FROM fresh JOIN counted USING (bar_id, day) ORDER BY customer_id, key
            ON CONFLICT (customer_id, idempotency_key) DO NOTHING
        RETURNING order_id, pickup_number, placed_at
      ), unheard AS (
        INSERT INTO unconfirmed (order_id, placed_at) SELECT order_id, placed_at FROM placed
      ), told AS (
        -- The pickup number is known only here, so it is put into the event's text here.
        INSERT INTO outbox (outbox_id, topic, types, traces, data)
        SELECT $1, 'orders', array_agg('OrderPlaced'::text), array_agg(trace),
               array_agg(replace(event, '"pickupNumber":0', '"pickupNumber":' || pickup_number))
          FROM placed JOIN asked USING (order_id)
        HAVING count(*) > 0
      )
      SELECT order_id, pickup_number FROM placed
      """;

  private static final String PLACED_WITH =
      "SELECT o.fingerprint, "
          + OrderStore.COLUMNS
          + " FROM customer_order o WHERE o.customer_id = $1 AND o.idempotency_key = $2";

  /**
   * What a key has placed before.
   *
   * @param fingerprint null once its customer is forgotten
   * @param order as it was then
   */
  record Before(String fingerprint, Order order) {}

  private final Database database;

  PlacingStore(Database database) {
    this.database = database;
  }

  /**
   * Stores a batch of orders under one outbox row.
   *
   * @return each order's pickup number; 0 for one whose key was used before
   */
  Future<List<Integer>> place(UUID outboxId, List<PlaceOrder.Asked> batch) {
    Tuple values =
        Tuple.of(outboxId)
            .addValue(column(batch, UUID[]::new, asked -> asked.placed().orderId()))
            .addValue(column(batch, UUID[]::new, asked -> asked.placed().customerId()))
            .addValue(column(batch, String[]::new, asked -> asked.placed().barId()))
            .addValue(column(batch, LocalDate[]::new, PlaceOrder.Asked::day))
            .addValue(column(batch, String[]::new, asked -> Wire.encode(asked.placed().lines())))
            .addValue(column(batch, Long[]::new, asked -> asked.placed().total()))
            .addValue(column(batch, String[]::new, asked -> asked.placed().currency()))
            .addValue(column(batch, String[]::new, asked -> asked.placed().customer().name()))
            .addValue(column(batch, String[]::new, asked -> asked.placed().customer().phone()))
            .addValue(column(batch, String[]::new, asked -> asked.placed().seat()))
            .addValue(column(batch, String[]::new, asked -> asked.placed().note()))
            .addValue(
                column(batch, OffsetDateTime[]::new, asked -> utc(asked.placed().occurredAt())))
            .addValue(column(batch, OffsetDateTime[]::new, asked -> utc(asked.placed().readyBy())))
            .addValue(column(batch, String[]::new, PlaceOrder.Asked::key))
            .addValue(column(batch, String[]::new, PlaceOrder.Asked::fingerprint))
            .addValue(column(batch, String[]::new, PlaceOrder.Asked::json))
            .addValue(column(batch, String[]::new, asked -> Outbox.encode(asked.trace())));
    return database
        .execute(PLACE, values)
        .map(
            rows -> {
              Map<UUID, Integer> numbers = new HashMap<>();
              for (Row row : rows) {
                numbers.put(row.getUUID("order_id"), row.getInteger("pickup_number"));
              }
              return batch.stream()
                  .map(asked -> numbers.getOrDefault(asked.placed().orderId(), 0))
                  .toList();
            });
  }

  /**
   * @return null when this key has placed no order
   */
  Future<Before> placedWith(UUID customerId, String key) {
    return database
        .execute(PLACED_WITH, Tuple.of(customerId, key))
        .map(
            rows -> {
              for (Row row : rows) {
                Order now = order(row);
                return new Before(
                    row.getString("fingerprint"), now.withStatus(OrderStatus.PLACED, null));
              }
              return null;
            });
  }
}
