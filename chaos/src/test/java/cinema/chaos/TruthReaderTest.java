package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Operation.Wish;
import cinema.chaos.Truth.AlarmRow;
import cinema.chaos.Truth.OrderRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.ViewRow;
import cinema.servers.SharedServers;
import cinema.shared.contract.OrderStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the services' own migrations on a real PostgreSQL. */
class TruthReaderTest {
  private static final List<String> SCHEMAS = List.of("order", "snackbar", "alarm", "view");
  private static final UUID ORDER = new UUID(1, 1);
  private static final UUID OTHER = new UUID(1, 2);
  private static final UUID CUSTOMER = new UUID(2, 1);
  private static final String LINES =
      """
      '[{"itemId":"cola-m","name":"Cola","quantity":2,"price":3000},
        {"itemId":"nachos","name":"Nachos","quantity":1,"price":5500}]'
      """;

  private static String url;

  private final TruthReader reader = new TruthReader(url, ZoneId.of("Asia/Seoul"));

  @BeforeAll
  static void makeSchemas() throws Exception {
    int port = SharedServers.postgres().port();
    url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    for (String schema : SCHEMAS) {
      sql("CREATE SCHEMA \"" + schema + "\"");
      for (Path migration : migrations(schema)) {
        sql("SET search_path TO \"" + schema + "\"; " + Files.readString(migration));
      }
    }
  }

  @BeforeEach
  void empty() throws SQLException {
    sql(
        """
        TRUNCATE "order".customer_order, "order".unconfirmed, snackbar.order_request,
                 alarm.alarm, view.order_view
        """);
  }

  private static List<Path> migrations(String service) throws IOException {
    Path folder =
        Path.of(
            "..", service + "-verticle", "src/main/resources/cinema/" + service + "/migrations");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private static void order(UUID orderId, String placedAt, String cancellingSince)
      throws SQLException {
    sql(
        """
        INSERT INTO "order".customer_order (order_id, customer_id, bar_id, pickup_number, status,
            version, request_version, cancel_due, lines, total, currency, customer_name, note,
            placed_at, ready_by, trace)
        VALUES ('%s', '%s', 'lobby', 7, 'PLACED', 1, 3, %s, %s, 11500, 'KRW', 'Mina', 'key-1',
            '%s', now(), '')
        """
            .formatted(orderId, CUSTOMER, cancellingSince, LINES, placedAt));
  }

  private Truth read() throws SQLException {
    return reader.read(List.of(), List.of());
  }

  @Test
  void reads_orders_with_the_day_their_number_counts_for() throws Exception {
    order(ORDER, "2026-11-20T15:30:00Z", "NULL");
    order(OTHER, "2026-11-20T14:30:00Z", "now()");
    sql("INSERT INTO \"order\".unconfirmed VALUES ('%s', now())".formatted(OTHER));
    Wish wish = new Wish("lobby", "2*cola-m 1*nachos", "Mina");
    LocalDate day = LocalDate.of(2026, 11, 20);
    assertThat(read().orders())
        .containsExactlyInAnyOrder(
            new OrderRow(
                ORDER,
                CUSTOMER,
                wish,
                "key-1",
                7,
                day.plusDays(1),
                OrderStatus.PLACED,
                false,
                true),
            new OrderRow(OTHER, CUSTOMER, wish, "key-1", 7, day, OrderStatus.PLACED, true, false));
  }

  @Test
  void reads_requests_and_tombstones() throws Exception {
    sql(
        """
        INSERT INTO snackbar.order_request (order_id, bar_id, status, version, pickup_number, lines)
        VALUES ('%s', 'lobby', 'READY', 3, 7, %s), ('%s', 'lobby', 'CANCELLED', 1, NULL, NULL)
        """
            .formatted(ORDER, LINES, OTHER));
    assertThat(read().requests())
        .containsExactly(
            new RequestRow(ORDER, "lobby", OrderStatus.READY, 3, 7, "2*cola-m 1*nachos"),
            new RequestRow(OTHER, "lobby", OrderStatus.CANCELLED, 1, 0, null));
  }

  @Test
  void reads_alarms_raised_or_not() throws Exception {
    sql(
        """
        INSERT INTO alarm.alarm (alarm_id, order_id, kind, bar_id, version, raised_at,
            acknowledged_at)
        VALUES ('%s', '%s', 'NEW_ORDER', 'lobby', 1, now(), NULL),
               ('%s', '%s', 'NEW_ORDER', 'lobby', 1, NULL, now())
        """
            .formatted(ORDER, ORDER, OTHER, OTHER));
    assertThat(read().alarms())
        .containsExactly(
            new AlarmRow(ORDER, "lobby", true, false), new AlarmRow(OTHER, "lobby", false, true));
  }

  @Test
  void reads_views_whether_the_order_has_come_or_not() throws Exception {
    sql(
        """
        INSERT INTO view.order_view (order_id, bar_id, order_status, order_version, request_status,
            request_version, customer_id, details)
        VALUES ('%s', 'lobby', 'PLACED', 1, 'READY', 3, '%s', '{"pickupNumber":7}'),
               ('%s', 'lobby', NULL, 0, 'PREPARING', 2, NULL, NULL)
        """
            .formatted(ORDER, CUSTOMER, OTHER));
    assertThat(read().views())
        .containsExactly(
            new ViewRow(ORDER, "lobby", OrderStatus.READY, CUSTOMER, 7),
            new ViewRow(OTHER, "lobby", OrderStatus.PREPARING, null, 0));
  }

  @Test
  void two_hundred_thousand_orders_fit() throws Exception {
    sql(
        """
        INSERT INTO "order".customer_order (order_id, customer_id, bar_id, pickup_number, status,
            version, lines, total, currency, customer_name, note, placed_at, ready_by, trace)
        SELECT gen_random_uuid(), '%s', 'lobby', n, 'PLACED', 1, %s, 1, 'KRW', 'Mina', 'key-' || n,
               now(), now(), ''
          FROM generate_series(1, 200000) AS n
        """
            .formatted(CUSTOMER, LINES));
    List<OrderRow> orders = read().orders();
    assertThat(orders).hasSize(200_000);
    assertThat(orders.get(1).wish().lines()).isSameAs(orders.get(199_999).wish().lines());
  }
}
