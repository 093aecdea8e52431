package cinema.local;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What all services' tables have in common, as their migrations leave them. */
class TablesTest {
  private static final List<String> SERVICES = List.of("order", "snackbar", "alarm", "view");

  private static final String ARRAYS =
      """
      SELECT nspname || '.' || relname || '.' || attname, coalesce(attstattarget, -1)
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = attrelid AND relkind = 'r'
        JOIN pg_namespace n ON n.oid = relnamespace
        JOIN pg_type t ON t.oid = atttypid AND typcategory = 'A'
       WHERE nspname IN ('order', 'snackbar', 'alarm', 'view')
         AND relname <> 'journal' -- which has one row
      """;

  /** Which values are common in thousands of arrays takes seconds to find out, every minute. */
  @Test
  void no_time_is_spent_on_statistics_of_what_is_told() throws Exception {
    try (PostgresServer postgres = PostgresServer.temporary()) {
      SERVICES.forEach(service -> Backup.makeTables(service, postgres.port()));
      assertThat(statisticTargets(postgres.port()))
          .containsKeys("order.outbox.data", "view.feed_log.alarms")
          .allSatisfy((column, target) -> assertThat(target).as(column).isZero());
    }
  }

  private static Map<String, Integer> statisticTargets(int port) throws Exception {
    Map<String, Integer> targets = new TreeMap<>();
    try (Connection connection = Backup.connect(port);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ARRAYS)) {
      while (rows.next()) {
        targets.put(rows.getString(1), rows.getInt(2));
      }
    }
    return targets;
  }
}
