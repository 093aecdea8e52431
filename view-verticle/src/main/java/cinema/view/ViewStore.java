package cinema.view;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** All SQL of the order view; what it changes is numbered for the feeds in the same statement. */
final class ViewStore {
  /**
   * The view, the bars' next numbers and the log of what they number, in one statement. Newer
   * versions win; an order's details stay once they are known, but for what they say of a customer
   * who is to be forgotten, whenever that is told. Of a cancel two services tell, and the second
   * has nothing to add. That the customer of a closed order is forgotten is no news: it stands on
   * no screen any more, and by now another order may be called by its number.
   */
  private static final String APPLY =
      """
      WITH merged AS (
        INSERT INTO order_view AS v (order_id, bar_id, order_status, order_version, request_status,
                                     request_version, reason, customer_id, details, forgotten)
        SELECT order_id, bar_id, order_status, order_version, request_status, request_version,
               reason, customer_id,
               CASE WHEN forgotten THEN %1$s ELSE details END, forgotten
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[],
                      $7::text[], $8::uuid[], $9::text[], $10::boolean[])
            AS t(order_id, bar_id, order_status, order_version, request_status, request_version,
                 reason, customer_id, details, forgotten)
         ORDER BY order_id
            ON CONFLICT (bar_id, order_id) DO UPDATE SET
               order_status = CASE WHEN excluded.order_version > v.order_version
                                   THEN excluded.order_status ELSE v.order_status END,
               order_version = greatest(excluded.order_version, v.order_version),
               request_status = CASE WHEN excluded.request_version > v.request_version
                                     THEN excluded.request_status ELSE v.request_status END,
               reason = CASE WHEN excluded.request_version > v.request_version
                             THEN excluded.reason ELSE v.reason END,
               request_version = greatest(excluded.request_version, v.request_version),
               customer_id = coalesce(v.customer_id, excluded.customer_id),
               details = CASE WHEN v.forgotten OR excluded.forgotten THEN %2$s
                              ELSE coalesce(v.details, excluded.details) END,
               forgotten = v.forgotten OR excluded.forgotten
             WHERE (excluded.forgotten AND NOT v.forgotten)
                OR ((excluded.order_version > v.order_version
                     OR excluded.request_version > v.request_version
                     OR (v.details IS NULL AND excluded.details IS NOT NULL))
                    AND (v.status <> 'CANCELLED' OR v.details IS NULL))
        -- Details and alarms that have just come are known to whoever asks, and do not travel on.
        RETURNING v.order_id, v.bar_id, v.status, v.reason, v.customer_id, v.forgotten,
                  v.details IS NOT NULL AS known,
                  CASE WHEN v.forgotten OR v.order_id NOT IN (SELECT unnest($16::uuid[]))
                       THEN v.details END AS details
      ), news AS (
        SELECT bar_id, order_id, status, reason, customer_id, details, NULL AS alarm,
               false AS nameless, NULL::int AS sort
          FROM merged
         WHERE known
           AND (order_id <> ALL($11) OR status IN ('PLACED', 'PREPARING', 'READY'))
         UNION ALL
        SELECT bar_id, NULL, NULL, NULL, NULL, NULL,
               CASE WHEN nameless THEN %3$s ELSE alarm END, nameless, sort
          FROM unnest($12::text[], $13::uuid[], $14::text[], $15::int[])
            AS a(bar_id, order_id, alarm, sort),
               LATERAL (SELECT order_id IN (SELECT order_id FROM merged WHERE forgotten)
                            OR (SELECT forgotten FROM order_view v
                                 WHERE v.bar_id = a.bar_id AND v.order_id = a.order_id)
                        OFFSET 0) -- or each would be asked twice
            AS about(nameless)
      ), told AS (
        -- Orders first, and all in the same order, so that they are sorted once.
        SELECT bar_id,
               array_agg(order_id ORDER BY order_id, sort) AS order_ids,
               array_agg(status ORDER BY order_id, sort) AS statuses,
               array_agg(reason ORDER BY order_id, sort) AS reasons,
               array_agg(customer_id ORDER BY order_id, sort) AS customer_ids,
               array_agg(details ORDER BY order_id, sort) AS details,
               array_agg(alarm ORDER BY order_id, sort) AS alarms,
               array_agg(CASE WHEN nameless THEN alarm END ORDER BY order_id, sort) AS nameless,
               array_agg(sort ORDER BY order_id, sort) AS sorts
          FROM news GROUP BY bar_id
      ), numbered AS (
        INSERT INTO feed AS f (bar_id, epoch, seq)
        SELECT bar_id, gen_random_uuid()::text, cardinality(order_ids) FROM told ORDER BY bar_id
            ON CONFLICT (bar_id) DO UPDATE SET seq = f.seq + excluded.seq
        RETURNING bar_id, epoch, seq
      ), logged AS (
        INSERT INTO feed_log (bar_id, last, order_ids, alarms)
        SELECT bar_id, seq, order_ids, alarms FROM told JOIN numbered USING (bar_id)
      )
      SELECT bar_id, epoch, seq, order_ids, statuses, reasons, customer_ids, details, nameless, sorts
        FROM told JOIN numbered USING (bar_id) ORDER BY bar_id
      """
          .formatted(
              withoutCustomer("details"),
              withoutCustomer("coalesce(v.details, excluded.details)"),
              withoutName("alarm"));

  /**
   * What the feeds' log says of forgotten customers: alarms as they were. There are few of a bar's
   * to look through, since the log is pruned, and customers are rarely forgotten.
   */
  private static final String FORGET_ALARMS =
      """
      UPDATE feed_log SET alarms = ARRAY(
        SELECT CASE WHEN alarm::jsonb ->> 'orderId' = ANY($2) THEN %s ELSE alarm END
          FROM unnest(alarms) WITH ORDINALITY AS a(alarm, nth) ORDER BY nth)
       WHERE bar_id = ANY($1)
         AND EXISTS (SELECT FROM unnest(alarms) AS alarm
                      WHERE alarm::jsonb ->> 'orderId' = ANY($2)
                        AND alarm::jsonb ->> 'customer' <> '')
      """
          .formatted(withoutName("alarm"));

  private static String withoutCustomer(String details) {
    return "jsonb_set((%s)::jsonb - ARRAY['seat', 'note'], '{customer}', '{\"name\": \"\"}')::text"
        .formatted(details);
  }

  private static String withoutName(String alarm) {
    return "jsonb_set((%s)::jsonb, '{customer}', '\"\"')::text".formatted(alarm);
  }

  static final String BOARD =
      """
      SELECT status, reason, details, order_id FROM order_view
       WHERE bar_id = $1 AND details IS NOT NULL AND status IN ('PLACED', 'PREPARING', 'READY')
         AND order_id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
         AND status = ANY($2)
       ORDER BY order_id LIMIT $4
      """;

  static final String HISTORY =
      """
      SELECT status, reason, details, order_id FROM order_view
       WHERE bar_id = $1 AND details IS NOT NULL
         AND order_id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
         AND ($2::text[] IS NULL OR status = ANY($2))
       ORDER BY order_id DESC LIMIT $4
      """;

  static final String MINE =
      """
      SELECT status, reason, details, order_id FROM order_view
       WHERE customer_id = $1 AND details IS NOT NULL
         AND order_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
       ORDER BY order_id DESC LIMIT $3
      """;

  /**
   * What is still open stands on the board, however old. Passes over what somebody changes just
   * now, so that nobody waits for anybody.
   */
  static final String FORGET =
      """
      DELETE FROM order_view WHERE (bar_id, order_id) IN (
        SELECT old.bar_id, old.order_id FROM feed, LATERAL (
          SELECT bar_id, order_id FROM order_view
           WHERE bar_id = feed.bar_id AND order_id < $1
             AND coalesce(status, '') NOT IN ('PLACED', 'PREPARING', 'READY')
           ORDER BY order_id LIMIT $2 FOR UPDATE SKIP LOCKED) AS old
         LIMIT $2)
      """;

  private final Database database;

  ViewStore(Database database) {
    this.database = database;
  }

  /** Orders and where to go on; {@code nextCursor} is null at the end. */
  record Page(List<Order> orders, UUID nextCursor) {}

  /**
   * Applies what happened, in one transaction, but for what the feeds' log has of forgotten
   * customers' names, which goes after it.
   *
   * @param changes one for each order
   * @param traces of what happened to an order or an alarm, by its id; empty where nobody collects
   * @return what is new on the bars' feeds
   */
  Future<List<News>> apply(
      List<OrderChange> changes, List<AlarmEvent> alarms, Map<UUID, Trace> traces) {
    Tuple values =
        Tuple.of(
                column(changes, UUID[]::new, change -> change.orderId),
                column(changes, String[]::new, change -> change.barId),
                column(changes, String[]::new, change -> name(change.orderStatus)),
                column(changes, Integer[]::new, change -> change.orderVersion),
                column(changes, String[]::new, change -> name(change.requestStatus)),
                column(changes, Integer[]::new, change -> change.requestVersion))
            .addValue(column(changes, String[]::new, change -> change.reason))
            .addValue(column(changes, UUID[]::new, change -> change.customerId))
            .addValue(
                column(
                    changes,
                    String[]::new,
                    change -> change.details == null ? null : Wire.encode(change.details)))
            .addValue(column(changes, Boolean[]::new, change -> change.forgotten))
            .addValue(
                changes.stream()
                    .filter(OrderChange::onlyForgets)
                    .map(change -> change.orderId)
                    .toArray(UUID[]::new))
            .addValue(column(alarms, String[]::new, AlarmEvent::barId))
            .addValue(column(alarms, UUID[]::new, AlarmEvent::orderId))
            .addValue(column(alarms, String[]::new, alarm -> Wire.encode(alarm.alarm())))
            .addValue(IntStream.range(0, alarms.size()).boxed().toArray(Integer[]::new));
    Map<UUID, Order> placed = new HashMap<>();
    for (OrderChange change : changes) {
      if (change.details != null) {
        placed.put(change.orderId, change.details);
      }
    }
    values.addValue(placed.keySet().toArray(UUID[]::new));
    return database
        .execute(APPLY, values)
        .map(rows -> news(rows, placed, alarms, traces))
        .compose(news -> forgetAlarms(changes).map(news));
  }

  /** After the changes: from then on what comes to the log says no name. */
  private Future<?> forgetAlarms(List<OrderChange> changes) {
    List<OrderChange> forgotten = changes.stream().filter(change -> change.forgotten).toList();
    return forgotten.isEmpty()
        ? Future.succeededFuture()
        : database.execute(
            FORGET_ALARMS,
            Tuple.tuple()
                .addArrayOfString(column(forgotten, String[]::new, change -> change.barId))
                .addArrayOfString(
                    column(forgotten, String[]::new, change -> change.orderId.toString())));
  }

  /**
   * @param placed details that have come with these changes, by order
   * @param alarms that have come with them
   */
  private static List<News> news(
      RowSet<Row> rows, Map<UUID, Order> placed, List<AlarmEvent> alarms, Map<UUID, Trace> traces) {
    List<News> news = new ArrayList<>();
    for (Row row : rows) {
      UUID[] orderIds = row.getArrayOfUUIDs("order_ids");
      String[] statuses = row.getArrayOfStrings("statuses");
      String[] reasons = row.getArrayOfStrings("reasons");
      UUID[] customerIds = row.getArrayOfUUIDs("customer_ids");
      String[] details = row.getArrayOfStrings("details");
      String[] nameless = row.getArrayOfStrings("nameless");
      Integer[] sorts = row.getArrayOfIntegers("sorts");
      long first = row.getLong("seq") - orderIds.length + 1;
      List<News.Change> changes = new ArrayList<>(orderIds.length);
      for (int i = 0; i < orderIds.length; i++) {
        News.Change change;
        if (orderIds[i] == null) {
          Alarm told = alarms.get(sorts[i]).alarm();
          change =
              News.Change.of(
                  first + i, nameless[i] == null ? told : Wire.decode(nameless[i], Alarm.class));
        } else {
          Order order = details[i] == null ? placed.get(orderIds[i]) : order(details[i]);
          change =
              News.Change.of(first + i, withStatus(order, statuses[i], reasons[i]), customerIds[i]);
        }
        Trace trace = traces.get(change.about());
        changes.add(trace == null ? change : change.within(trace));
      }
      news.add(new News(row.getString("bar_id"), row.getString("epoch"), first, changes));
    }
    return news;
  }

  /**
   * A bar's orders.
   *
   * @param statuses null for the whole history; open ones come oldest first, others newest first
   * @param cursor null for the beginning
   */
  Future<Page> ofBar(String barId, Collection<OrderStatus> statuses, UUID cursor, int limit) {
    boolean board = statuses != null && OrderStatus.OPEN.containsAll(statuses);
    String[] names =
        statuses == null ? null : statuses.stream().map(Enum::name).toArray(String[]::new);
    return database
        .execute(board ? BOARD : HISTORY, Tuple.of(barId, names, cursor, limit + 1))
        .map(rows -> page(rows, limit));
  }

  /** A customer's orders, the newest first. */
  Future<Page> ofCustomer(UUID customerId, UUID before, int limit) {
    return database
        .execute(MINE, Tuple.of(customerId, before, limit + 1))
        .map(rows -> page(rows, limit));
  }

  /**
   * Forgets closed orders that were placed before this, of each bar the oldest first.
   *
   * @return how many were forgotten
   */
  Future<Integer> forget(Instant before, int most) {
    return database
        .execute(FORGET, Tuple.of(Ids.floor(before), most))
        .map(forgotten -> forgotten.rowCount());
  }

  private static Page page(RowSet<Row> rows, int limit) {
    List<Order> orders = rows.stream().map(ViewStore::order).toList();
    return orders.size() <= limit
        ? new Page(orders, null)
        : new Page(orders.subList(0, limit), orders.get(limit - 1).orderId());
  }

  static Order order(Row row) {
    return withStatus(
        order(row.getString("details")), row.getString("status"), row.getString("reason"));
  }

  private static Order order(String details) {
    return Wire.decode(details, Order.class);
  }

  private static Order withStatus(Order order, String status, String reason) {
    return order.withStatus(OrderStatus.valueOf(status), reason);
  }

  private static String name(OrderStatus status) {
    return status == null ? null : status.name();
  }

  private static <T, V> V[] column(List<T> rows, IntFunction<V[]> array, Function<T, V> value) {
    return rows.stream().map(value).toArray(array);
  }
}
