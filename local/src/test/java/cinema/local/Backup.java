package cinema.local;

import static cinema.shared.testing.Bench.await;

import cinema.shared.service.Schema;
import cinema.shared.service.Settings;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * What {@code pg_dump} takes of one service's schema, all of one moment, and what {@code
 * pg_restore} makes of it: the embedded PostgreSQL comes without these programs.
 */
final class Backup {
  /** By table: its columns that are not generated, and its rows as COPY writes them. */
  private final Map<String, byte[]> rows = new LinkedHashMap<>();

  private final String service;

  private Backup(String service) {
    this.service = service;
  }

  static Backup of(String service, int postgresPort) throws Exception {
    Backup backup = new Backup(service);
    try (Connection connection = connect(postgresPort)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      for (String table : backup.tables(connection)) {
        ByteArrayOutputStream copied = new ByteArrayOutputStream();
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY " + table + " TO STDOUT", copied);
        backup.rows.put(table, copied.toByteArray());
      }
    }
    return backup;
  }

  /** The whole schema is gone, as with its server. */
  static void lose(String service, int postgresPort) throws SQLException {
    run("DROP SCHEMA \"" + service + "\" CASCADE", postgresPort);
  }

  /** Into a schema that is not there. */
  void restore(int postgresPort) throws Exception {
    makeTables(service, postgresPort);
    try (Connection connection = connect(postgresPort);
        Statement statement = connection.createStatement()) {
      // As pg_restore does where it is asked to disable triggers: tables come in any order.
      statement.execute("SET session_replication_role = replica");
      for (Map.Entry<String, byte[]> table : rows.entrySet()) {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY " + table.getKey() + " FROM STDIN",
                new ByteArrayInputStream(table.getValue()));
      }
    }
  }

  /** What {@code docs/restore} has for this service, as psql would run it. */
  static void complete(String service, int postgresPort) throws Exception {
    run(Files.readString(Path.of("../docs/restore/" + service + ".sql")), postgresPort);
  }

  static void run(String sql, int postgresPort) throws SQLException {
    try (Connection connection = connect(postgresPort);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The service's, as its migrations leave them. */
  static void makeTables(String service, int postgresPort) {
    Vertx vertx = Vertx.vertx();
    try {
      Settings settings = Settings.of(service, Map.of("POSTGRES_URL", url(postgresPort)));
      await(
          await(Schema.bringUpToDate(settings, "cinema/" + service + "/migrations").open(vertx))
              .close());
    } finally {
      await(vertx.close());
    }
  }

  /** Each with its columns, but for the migrations' own, which come with the tables. */
  private Iterable<String> tables(Connection connection) throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet columns =
            statement.executeQuery(
                """
                SELECT table_name, column_name FROM information_schema.columns
                 WHERE table_schema = '%s' AND is_generated = 'NEVER'
                   AND table_name <> 'flyway_schema_history'
                 ORDER BY table_name, ordinal_position
                """
                    .formatted(service))) {
      while (columns.next()) {
        tables.merge(columns.getString(1), columns.getString(2), (all, one) -> all + ", " + one);
      }
    }
    return tables.entrySet().stream()
        .map(table -> "\"%s\".%s (%s)".formatted(service, table.getKey(), table.getValue()))
        .toList();
  }

  private static String url(int port) {
    return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
  }

  static Connection connect(int port) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
  }
}
