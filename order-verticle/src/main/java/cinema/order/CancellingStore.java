package cinema.order;

import static cinema.order.OrderStore.column;
import static cinema.order.OrderStore.trace;
import static cinema.order.OrderStore.utc;

import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the bar has said of cancels, and the wishes that it has not answered yet. */
final class CancellingStore {
  /**
   * The bar has said yes; again and again the same, and told once. Rows are locked in their order,
   * so that two batches cannot deadlock.
   */
  private static final String CANCEL =
      """
      WITH agreed AS (
        SELECT DISTINCT ON (order_id) *
          FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[])
            AS a(order_id, request_version, trace, data)
      ), due AS MATERIALIZED (
        SELECT order_id FROM customer_order
         WHERE order_id = ANY($1) AND status <> 'CANCELLED'
         ORDER BY order_id
           FOR UPDATE
      ), cancelled AS (
        UPDATE customer_order o
           SET status = 'CANCELLED', version = $5, cancel_due = NULL,
               request_version = greatest(o.request_version, agreed.request_version)
          FROM due JOIN agreed USING (order_id)
         WHERE o.order_id = due.order_id
        RETURNING o.order_id
      ), confirmed AS (
        DELETE FROM unconfirmed WHERE order_id IN (SELECT order_id FROM cancelled)
      ), told AS (
        INSERT INTO outbox (outbox_id, topic, types, traces, data)
        SELECT $6, $7, array_agg('OrderCancelled'::text), array_agg(trace), array_agg(data)
          FROM cancelled JOIN agreed USING (order_id)
        HAVING count(*) > 0
      )
      SELECT order_id FROM cancelled
      """;

  /** Of the order itself: placed was 1, and no step comes after this. */
  private static final int CANCELLED_VERSION = 2;

  /**
   * The bar has said no; what it said of the status holds unless we know better. Its event is still
   * to come and may say more, so it must not look known.
   */
  private static final String REFUSE =
      """
      WITH refused AS (
        UPDATE customer_order
           SET cancel_due = NULL,
               status = CASE WHEN request_version < $3 THEN $2 ELSE status END,
               request_version = greatest(request_version, $3 - 1)
         WHERE order_id = $1 AND status <> 'CANCELLED'
        RETURNING order_id)
      DELETE FROM unconfirmed WHERE order_id IN (SELECT order_id FROM refused)
      """;

  /** Rows are locked in their order, as a cancel does. */
  private static final String INTEND =
      """
      WITH wished AS MATERIALIZED (
        SELECT order_id FROM customer_order
         WHERE order_id = ANY($1) AND status = 'PLACED'
         ORDER BY order_id
           FOR UPDATE)
      UPDATE customer_order o SET cancel_due = coalesce(cancel_due, $2)
        FROM wished WHERE o.order_id = wished.order_id
      """;

  private static final String CLAIM_INTENTS =
      """
      WITH due AS MATERIALIZED (
        SELECT order_id FROM customer_order WHERE cancel_due <= $1
         ORDER BY cancel_due LIMIT $3
           FOR UPDATE SKIP LOCKED)
      UPDATE customer_order o SET cancel_due = $2
        FROM due WHERE o.order_id = due.order_id
      RETURNING o.order_id, o.bar_id, o.trace
      """;

  /**
   * A cancel that the bar has not answered.
   *
   * @param trace that entered with the order
   */
  record Intent(UUID orderId, String barId, Trace trace) {}

  private final Database database;
  private final Outbox<OrderEvent> outbox;

  CancellingStore(Database database, Outbox<OrderEvent> outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** That the bar has agreed to a cancel. */
  record Agreed(UUID orderId, String barId, int requestVersion, Trace trace) {}

  /** Records what the bar agreed to, and tells everybody, each order once. */
  Future<Void> cancel(List<Agreed> agreed, Instant now) {
    UUID outboxId = Ids.next();
    Map<UUID, Told<OrderEvent>> byId = new HashMap<>();
    for (Agreed each : agreed) {
      OrderEvent event = new OrderCancelled(each.orderId, CANCELLED_VERSION, now, each.barId);
      byId.put(each.orderId, new Told<>(event, each.trace));
    }
    Tuple values =
        Tuple.of(
                column(agreed, UUID[]::new, Agreed::orderId),
                column(agreed, Integer[]::new, Agreed::requestVersion),
                column(agreed, String[]::new, each -> Outbox.encode(each.trace)),
                column(agreed, String[]::new, each -> Wire.encode(byId.get(each.orderId).event())))
            .addInteger(CANCELLED_VERSION)
            .addUUID(outboxId)
            .addString(Topic.ORDERS.name());
    return database
        .execute(CANCEL, values)
        .onSuccess(
            cancelled -> {
              List<Told<OrderEvent>> events =
                  cancelled.stream().map(row -> byId.get(row.getUUID("order_id"))).toList();
              if (!events.isEmpty()) {
                outbox.publish(outboxId, events);
              }
            })
        .mapEmpty();
  }

  /** Records that the bar refused a cancel. */
  Future<Void> refuse(UUID orderId, OrderStatus status, int requestVersion) {
    return database.execute(REFUSE, Tuple.of(orderId, status.name(), requestVersion)).mapEmpty();
  }

  /** Keeps the wishes to cancel these until the bar has answered. */
  Future<Void> intend(List<UUID> orderIds, Instant now) {
    Tuple values =
        Tuple.tuple().addArrayOfUUID(orderIds.toArray(UUID[]::new)).addOffsetDateTime(utc(now));
    return database.execute(INTEND, values).mapEmpty();
  }

  /**
   * Cancels not answered yet, the oldest first, for whoever calls this to ask for: nobody else gets
   * them before {@code until}.
   */
  Future<List<Intent>> claimIntents(Instant now, Instant until, int most) {
    return database
        .execute(CLAIM_INTENTS, Tuple.of(utc(now), utc(until), most))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Intent(
                                row.getUUID("order_id"),
                                row.getString("bar_id"),
                                trace(row.getString("trace"))))
                    .toList());
  }
}
