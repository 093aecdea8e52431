package cinema.order;

import cinema.shared.contract.Customer;
import cinema.shared.contract.Line;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.OrderRequestEvent.OrderRequested;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** What becomes of orders once they are placed. */
final class OrderStore {
  /** Of {@code customer_order o}, as {@link #order} reads them. */
  static final String COLUMNS =
      """
      o.order_id, o.customer_id, o.bar_id, o.pickup_number, o.status, o.version, o.cancel_due,
      o.reason, o.lines, o.total, o.currency, o.customer_name, o.customer_phone,
      o.seat, o.note, o.placed_at, o.ready_by
      """;

  /**
   * Only the owner's: another's order is not found. By the order's id first: left to choose,
   * PostgreSQL may look through all orders of a customer instead.
   */
  static final String FIND =
      "SELECT s.nth, "
          + COLUMNS
          + """
            FROM unnest($1::uuid[], $2::uuid[])
              WITH ORDINALITY AS s(order_id, customer_id, nth),
                   LATERAL (SELECT * FROM customer_order WHERE order_id = s.order_id OFFSET 0) AS o
           WHERE o.customer_id = s.customer_id
          """;

  /**
   * Follows the bar's order requests. CANCELLED is final; anything past PLACED settles an intent,
   * since the bar has decided.
   */
  private static final String FOLLOW =
      """
      UPDATE customer_order o
         SET request_version = e.version,
             status = e.status,
             reason = e.reason,
             cancel_due = CASE WHEN e.status = 'PLACED' THEN o.cancel_due END,
             version = o.version + CASE WHEN e.status = 'CANCELLED' THEN 1 ELSE 0 END
        FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[])
          AS e(order_id, version, status, reason)
       WHERE o.order_id = e.order_id AND e.version > o.request_version AND o.status <> 'CANCELLED'
      RETURNING o.order_id, o.bar_id, o.version, o.status
      """;

  /** Whatever a bar says of an order, it knows it. */
  static final String CONFIRM = "DELETE FROM unconfirmed WHERE order_id = ANY($1)";

  private final Database database;
  private final Outbox<OrderEvent> outbox;

  OrderStore(Database database, Outbox<OrderEvent> outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** An order that somebody asks for, who may or may not be its owner. */
  record Sought(UUID orderId, UUID customerId) {}

  /**
   * @return null when there is none or it is another's
   */
  Future<Order> find(UUID orderId, UUID customerId) {
    return find(List.of(new Sought(orderId, customerId))).map(found -> found.get(0));
  }

  /**
   * @return one for each, in their order; null when there is none or it is another's
   */
  Future<List<Order>> find(List<Sought> sought) {
    Tuple values =
        Tuple.tuple()
            .addArrayOfUUID(column(sought, UUID[]::new, Sought::orderId))
            .addArrayOfUUID(column(sought, UUID[]::new, Sought::customerId));
    return database
        .execute(FIND, values)
        .map(
            rows -> {
              Order[] found = new Order[sought.size()];
              rows.forEach(row -> found[row.getInteger("nth") - 1] = order(row));
              return Arrays.asList(found);
            });
  }

  /**
   * Takes in what the bar told; of several events of one order only the newest.
   *
   * @param newest one event for each order
   */
  Future<Void> follow(Collection<Told<OrderRequestEvent>> newest, Instant now) {
    List<Told<OrderRequestEvent>> steps =
        newest.stream()
            .filter(told -> !(told.event() instanceof OrderRequested))
            .sorted(Comparator.comparing(told -> told.event().orderId()))
            .toList();
    Tuple heard =
        Tuple.of(newest.stream().map(told -> told.event().orderId()).toArray(UUID[]::new));
    // The orders first and what is unconfirmed after them, as a cancel does: no deadlock.
    return steps.isEmpty()
        ? database.execute(CONFIRM, heard).mapEmpty()
        : outbox.telling(
            (connection, events) -> follow(connection, steps, now).onSuccess(events::addAll),
            (connection, followed) -> connection.preparedQuery(CONFIRM).execute(heard).mapEmpty());
  }

  /** What others are to be told of these steps. */
  private static Future<List<Told<OrderEvent>>> follow(
      SqlConnection connection, List<Told<OrderRequestEvent>> steps, Instant now) {
    Map<UUID, Trace> traces = new HashMap<>();
    steps.forEach(told -> traces.put(told.event().orderId(), told.trace()));
    Tuple values =
        Tuple.of(
            column(steps, UUID[]::new, told -> told.event().orderId()),
            column(steps, Integer[]::new, told -> told.event().version()),
            column(steps, String[]::new, told -> told.event().status().name()),
            column(
                steps,
                String[]::new,
                told ->
                    told.event() instanceof OrderRequestRejected rejected
                        ? rejected.reason()
                        : null));
    return connection
        .preparedQuery(FOLLOW)
        .execute(values)
        .map(
            rows ->
                rows.stream()
                    .filter(row -> row.getString("status").equals(OrderStatus.CANCELLED.name()))
                    .map(row -> cancelled(row, now, traces.get(row.getUUID("order_id"))))
                    .toList());
  }

  private static Told<OrderEvent> cancelled(Row row, Instant now, Trace trace) {
    return new Told<>(
        new OrderCancelled(
            row.getUUID("order_id"), row.getInteger("version"), now, row.getString("bar_id")),
        trace);
  }

  /** Reads what {@link Outbox#encode} wrote. */
  static Trace trace(String text) {
    int space = text.indexOf(' ');
    return Trace.from(text.substring(0, space), text.substring(space + 1));
  }

  static Order order(Row row) {
    OrderStatus status = OrderStatus.valueOf(row.getString("status"));
    boolean asked = status == OrderStatus.PLACED && row.getValue("cancel_due") != null;
    return new Order(
        row.getUUID("order_id"),
        row.getString("bar_id"),
        row.getInteger("pickup_number"),
        asked ? OrderStatus.CANCELLING : status,
        List.of(Wire.decode(row.getString("lines"), Line[].class)),
        row.getLong("total"),
        row.getString("currency"),
        new Customer(row.getString("customer_name"), row.getString("customer_phone")),
        row.getString("seat"),
        row.getString("note"),
        row.getOffsetDateTime("placed_at").toInstant(),
        row.getOffsetDateTime("ready_by").toInstant(),
        row.getString("reason"));
  }

  static <T, V> V[] column(List<T> rows, IntFunction<V[]> array, Function<T, V> value) {
    return rows.stream().map(value).toArray(array);
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
