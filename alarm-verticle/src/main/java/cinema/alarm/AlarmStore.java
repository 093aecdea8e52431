package cinema.alarm;

import cinema.shared.contract.Alarm;
import cinema.shared.contract.AlarmEvent;
import cinema.shared.contract.AlarmEvent.AlarmAcknowledged;
import cinema.shared.contract.AlarmEvent.AlarmRaised;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All SQL of alarms. */
final class AlarmStore {
  /**
   * Once per order; an order whose cancel came first gets its words, and stays acknowledged. Of a
   * customer who has been forgotten the name stays empty.
   */
  private static final String RAISE =
      """
      INSERT INTO alarm AS a
             (alarm_id, order_id, kind, bar_id, version, customer, summary, raised_at)
      SELECT alarm_id, order_id, 'NEW_ORDER', bar_id, 1, customer, summary, $6
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
          AS t(alarm_id, order_id, bar_id, customer, summary)
       ORDER BY order_id
          ON CONFLICT (order_id, kind) DO UPDATE
             SET customer = coalesce(a.customer, excluded.customer), summary = excluded.summary,
                 raised_at = excluded.raised_at, version = a.version + 1
           WHERE a.raised_at IS NULL
      RETURNING *
      """;

  /**
   * What is begun, turned down or cancelled needs nobody's attention; that may be told before the
   * order.
   */
  private static final String SETTLE =
      """
      INSERT INTO alarm AS a (alarm_id, order_id, kind, bar_id, version, acknowledged_at)
      SELECT alarm_id, order_id, 'NEW_ORDER', bar_id, 1, $4
        FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t(alarm_id, order_id, bar_id)
       ORDER BY order_id
          ON CONFLICT (order_id, kind) DO UPDATE
             SET acknowledged_at = excluded.acknowledged_at, version = a.version + 1
           WHERE a.acknowledged_at IS NULL
      RETURNING *
      """;

  /**
   * An empty name is the mark itself; it may be made before the order is told. The alarm is the
   * same as before, so it is not told again and keeps its version.
   */
  private static final String FORGET =
      """
      INSERT INTO alarm AS a (alarm_id, order_id, kind, bar_id, version, customer)
      SELECT alarm_id, order_id, 'NEW_ORDER', bar_id, 0, ''
        FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t(alarm_id, order_id, bar_id)
       ORDER BY order_id
          ON CONFLICT (order_id, kind) DO UPDATE SET customer = ''
           WHERE a.customer IS DISTINCT FROM ''
      """;

  private static final String ACKNOWLEDGE =
      """
      UPDATE alarm SET acknowledged_at = $3, version = version + 1
       WHERE alarm_id = $1 AND bar_id = $2 AND raised_at IS NOT NULL AND acknowledged_at IS NULL
      RETURNING *
      """;

  private static final String FIND =
      "SELECT * FROM alarm WHERE alarm_id = $1 AND bar_id = $2 AND raised_at IS NOT NULL";

  private static final String OPEN =
      """
      SELECT * FROM alarm
       WHERE bar_id = $1 AND acknowledged_at IS NULL AND raised_at IS NOT NULL
       ORDER BY alarm_id DESC LIMIT $2
      """;

  private static final String SETTLED =
      """
      SELECT * FROM alarm
       WHERE bar_id = $1 AND acknowledged_at IS NOT NULL AND raised_at IS NOT NULL
       ORDER BY alarm_id DESC LIMIT $2
      """;

  private static final String ALL =
      """
      SELECT * FROM alarm WHERE bar_id = $1 AND raised_at IS NOT NULL
       ORDER BY alarm_id DESC LIMIT $2
      """;

  private final Database database;
  private final Outbox<AlarmEvent> outbox;

  AlarmStore(Database database, Outbox<AlarmEvent> outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** An order that needs nobody's attention any more. */
  record Over(String barId, Trace trace) {}

  /**
   * Raises and settles alarms by order, in one transaction, and forgets first: what is raised after
   * that tells no name.
   *
   * @param forgotten by order, which bar's it is
   */
  Future<Void> apply(
      Map<UUID, Told<OrderPlaced>> placed,
      Map<UUID, Over> over,
      Map<UUID, String> forgotten,
      Instant now) {
    return outbox.telling(
        (connection, events) ->
            Future.all(
                    forget(connection, forgotten),
                    raise(connection, placed, now, events),
                    settle(connection, over, now, events))
                .mapEmpty());
  }

  private static Future<?> forget(SqlConnection connection, Map<UUID, String> forgotten) {
    return forgotten.isEmpty()
        ? Future.succeededFuture()
        : connection
            .preparedQuery(FORGET)
            .execute(
                Tuple.of(
                    forgotten.keySet().stream().map(order -> Ids.next()).toArray(UUID[]::new),
                    forgotten.keySet().toArray(UUID[]::new),
                    forgotten.values().toArray(String[]::new)));
  }

  private static Future<Void> raise(
      SqlConnection connection,
      Map<UUID, Told<OrderPlaced>> placed,
      Instant now,
      List<Told<AlarmEvent>> events) {
    if (placed.isEmpty()) {
      return Future.succeededFuture();
    }
    List<OrderPlaced> orders = placed.values().stream().map(Told::event).toList();
    return connection
        .preparedQuery(RAISE)
        .execute(
            Tuple.of(
                orders.stream().map(order -> Ids.next()).toArray(UUID[]::new),
                orders.stream().map(OrderPlaced::orderId).toArray(UUID[]::new),
                orders.stream().map(OrderPlaced::barId).toArray(String[]::new),
                orders.stream().map(order -> order.customer().name()).toArray(String[]::new),
                orders.stream()
                    .map(order -> RaiseAlarms.summary(order.lines()))
                    .toArray(String[]::new),
                now.atOffset(ZoneOffset.UTC)))
        .map(
            rows -> {
              for (Row row : rows) {
                UUID orderId = row.getUUID("order_id");
                events.add(
                    new Told<>(
                        new AlarmRaised(
                            orderId,
                            row.getInteger("version"),
                            now,
                            row.getString("bar_id"),
                            alarm(row)),
                        placed.get(orderId).trace()));
              }
              return null;
            });
  }

  private static Future<Void> settle(
      SqlConnection connection, Map<UUID, Over> over, Instant now, List<Told<AlarmEvent>> events) {
    if (over.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(SETTLE)
        .execute(
            Tuple.of(
                over.keySet().stream().map(order -> Ids.next()).toArray(UUID[]::new),
                over.keySet().toArray(UUID[]::new),
                over.values().stream().map(Over::barId).toArray(String[]::new),
                now.atOffset(ZoneOffset.UTC)))
        .map(
            rows -> {
              for (Row row : rows) {
                if (row.getValue("raised_at") != null) {
                  Trace trace = over.get(row.getUUID("order_id")).trace();
                  events.add(new Told<>(acknowledged(row, now), trace));
                }
              }
              return null;
            });
  }

  /**
   * Notes that somebody has seen to it; again and again the same.
   *
   * @return null when the bar has no such alarm
   */
  Future<Alarm> acknowledge(UUID alarmId, String barId, Instant now, Trace trace) {
    return outbox
        .telling(
            (connection, events) ->
                connection
                    .preparedQuery(ACKNOWLEDGE)
                    .execute(Tuple.of(alarmId, barId, now.atOffset(ZoneOffset.UTC)))
                    .onSuccess(
                        rows ->
                            rows.forEach(
                                row -> events.add(new Told<>(acknowledged(row, now), trace)))))
        .compose(changed -> database.execute(FIND, Tuple.of(alarmId, barId)))
        .map(
            rows -> {
              for (Row row : rows) {
                return alarm(row);
              }
              return null;
            });
  }

  /**
   * A bar's alarms, the newest first.
   *
   * @param acknowledged null for both
   */
  Future<List<Alarm>> list(String barId, Boolean acknowledged, int most) {
    String query = acknowledged == null ? ALL : acknowledged ? SETTLED : OPEN;
    return database.execute(query, Tuple.of(barId, most)).map(AlarmStore::alarms);
  }

  private static List<Alarm> alarms(RowSet<Row> rows) {
    return rows.stream().map(AlarmStore::alarm).toList();
  }

  private static AlarmEvent acknowledged(Row row, Instant now) {
    return new AlarmAcknowledged(
        row.getUUID("order_id"),
        row.getInteger("version"),
        now,
        row.getString("bar_id"),
        alarm(row));
  }

  private static Alarm alarm(Row row) {
    OffsetDateTime acknowledged = row.getOffsetDateTime("acknowledged_at");
    return new Alarm(
        row.getUUID("alarm_id"),
        row.getUUID("order_id"),
        Alarm.Kind.valueOf(row.getString("kind")),
        row.getString("customer"),
        row.getString("summary"),
        row.getOffsetDateTime("raised_at").toInstant(),
        acknowledged == null ? null : acknowledged.toInstant());
  }
}
