package cinema.chaos;

import cinema.chaos.Operation.Wish;
import cinema.chaos.Truth.AlarmRow;
import cinema.chaos.Truth.OrderRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.Trouble;
import cinema.chaos.Truth.ViewRow;
import cinema.chaos.Truth.Watched;
import cinema.shared.contract.OrderStatus;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads what the services have stored, past the services: straight from their schemas on one
 * server. Rows are streamed and texts that repeat are kept once, so that some hundred thousand
 * orders fit.
 */
final class TruthReader {
  private static final int FETCHED_AT_ONCE = 5000;

  private static final String LINES =
      """
      (SELECT string_agg((line->>'quantity') || '*' || (line->>'itemId'), ' ' ORDER BY nth)
         FROM jsonb_array_elements(lines::jsonb) WITH ORDINALITY AS l(line, nth)) AS lines
      """;

  private static final String ORDERS =
      "SELECT order_id, customer_id, bar_id, customer_name, note, pickup_number, placed_at, status,"
          + " cancel_due IS NOT NULL AS cancelling,"
          + " order_id NOT IN (SELECT order_id FROM \"order\".unconfirmed) AS confirmed, "
          + LINES
          + " FROM \"order\".customer_order";

  private static final String REQUESTS =
      "SELECT order_id, bar_id, status, version, pickup_number, "
          + LINES
          + " FROM snackbar.order_request";

  private static final String ALARMS =
      """
      SELECT order_id, bar_id, raised_at IS NOT NULL AS raised,
             acknowledged_at IS NOT NULL AS acknowledged
        FROM alarm.alarm
      """;

  private static final String VIEWS =
      """
      SELECT order_id, bar_id, status, customer_id, (details::jsonb->>'pickupNumber')::int AS pickup_number
        FROM view.order_view
      """;

  private final String url;
  private final ZoneId timeZone;
  private final Map<Object, Object> kept = new HashMap<>();

  /**
   * @param url for JDBC, such as {@code jdbc:postgresql://127.0.0.1:8090/postgres?user=postgres}
   * @param timeZone where a day ends for pickup numbers
   */
  TruthReader(String url, ZoneId timeZone) {
    this.url = url;
    this.timeZone = timeZone;
  }

  private interface Reading<R> {
    R row(ResultSet rows) throws SQLException;
  }

  /**
   * Reads all of it, as of one moment in all schemas.
   *
   * @throws SQLException when the server is away, or a schema is not there
   */
  Truth read(List<Watched> watched, List<Trouble> troubles) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      // Only so are rows streamed, and only so do all questions see the same moment.
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      Truth truth =
          new Truth(
              all(connection, ORDERS, this::order),
              all(connection, REQUESTS, this::request),
              all(connection, ALARMS, this::alarm),
              all(connection, VIEWS, this::view),
              watched,
              troubles);
      connection.commit();
      return truth;
    }
  }

  private static <R> List<R> all(Connection connection, String query, Reading<R> reading)
      throws SQLException {
    List<R> all = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCHED_AT_ONCE);
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          all.add(reading.row(rows));
        }
      }
    }
    return all;
  }

  private OrderRow order(ResultSet row) throws SQLException {
    LocalDate day =
        row.getObject("placed_at", OffsetDateTime.class).atZoneSameInstant(timeZone).toLocalDate();
    return new OrderRow(
        id(row, "order_id"),
        once(id(row, "customer_id")),
        new Wish(
            once(row.getString("bar_id")),
            once(row.getString("lines")),
            row.getString("customer_name")),
        row.getString("note"),
        row.getInt("pickup_number"),
        once(day),
        status(row),
        row.getBoolean("cancelling"),
        row.getBoolean("confirmed"));
  }

  private RequestRow request(ResultSet row) throws SQLException {
    return new RequestRow(
        id(row, "order_id"),
        once(row.getString("bar_id")),
        status(row),
        row.getInt("version"),
        row.getInt("pickup_number"),
        once(row.getString("lines")));
  }

  private AlarmRow alarm(ResultSet row) throws SQLException {
    return new AlarmRow(
        id(row, "order_id"),
        once(row.getString("bar_id")),
        row.getBoolean("raised"),
        row.getBoolean("acknowledged"));
  }

  private ViewRow view(ResultSet row) throws SQLException {
    return new ViewRow(
        id(row, "order_id"),
        once(row.getString("bar_id")),
        status(row),
        once(id(row, "customer_id")),
        row.getInt("pickup_number"));
  }

  private static OrderStatus status(ResultSet row) throws SQLException {
    String status = row.getString("status");
    return status == null ? null : OrderStatus.valueOf(status);
  }

  private static UUID id(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  /** The same object for equal ones: most rows share their bar, day, customer and lines. */
  @SuppressWarnings("unchecked")
  private <T> T once(T value) {
    return value == null ? null : (T) kept.computeIfAbsent(value, first -> first);
  }
}
