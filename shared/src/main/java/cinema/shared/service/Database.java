package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.TransactionRollbackException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.flywaydb.core.Flyway;

/** A service's own schema: brought up to date by Flyway, then used through one bounded pool. */
public final class Database {
  private static final int FIRST_CONTACTS = 10;

  private final Pool pool;

  private Database(Pool pool) {
    this.pool = pool;
  }

  /**
   * Opens the service's schema.
   *
   * @param migrations where the service keeps its {@code V1__….sql} on the class path
   */
  public static Future<Database> open(Vertx vertx, Settings settings, String migrations) {
    return vertx
        .executeBlocking(() -> migrate(settings, migrations), false)
        .map(done -> new Database(pool(vertx, settings)))
        .compose(database -> database.untilAnswers(vertx, FIRST_CONTACTS).map(database));
  }

  /** A machine that starts everything at once may be slow to give the first connection. */
  private Future<Void> untilAnswers(Vertx vertx, int attempts) {
    return ping()
        .recover(
            failure ->
                attempts <= 1
                    ? Future.failedFuture(failure)
                    : vertx.timer(200).compose(paused -> untilAnswers(vertx, attempts - 1)));
  }

  private static int migrate(Settings settings, String migrations) {
    PgConnectOptions url = PgConnectOptions.fromUri(settings.postgresUrl());
    return Flyway.configure(Database.class.getClassLoader())
        .dataSource(
            "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + "/" + url.getDatabase(),
            url.getUser(),
            url.getPassword())
        .schemas(settings.schema())
        .locations("classpath:" + migrations)
        .connectRetries(10)
        .connectRetriesInterval(1)
        .load()
        .migrate()
        .migrationsExecuted;
  }

  private static Pool pool(Vertx vertx, Settings settings) {
    PgConnectOptions connect =
        PgConnectOptions.fromUri(settings.postgresUrl())
            .addProperty("search_path", settings.schema())
            .addProperty("application_name", settings.service())
            // No statement may hold a row for longer than somebody waits for an answer, and a
            // frozen
            // process not longer than its neighbours can bear.
            .addProperty("statement_timeout", "5s")
            .addProperty("idle_in_transaction_session_timeout", "5s")
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(128)
            .setPipeliningLimit(16);
    return PgBuilder.pool()
        .connectingTo(connect)
        .with(
            new PoolOptions()
                // Named for the metrics.
                .setShared(true)
                .setName(settings.service())
                .setMaxSize(settings.databaseConnections())
                .setMaxWaitQueueSize(settings.databaseQueue())
                .setConnectionTimeout(2)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS))
        .with(
            new NetClientOptions()
                .setConnectTimeout(2000)
                .setTcpNoDelay(true)
                .setMetricsName(settings.service() + "-database"))
        .using(vertx)
        .build();
  }

  /** For single statements. */
  public SqlClient client() {
    return pool;
  }

  /** One transaction around {@code work}; rolled back when it fails. */
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return pool.withTransaction(work);
  }

  /** Whether the database answers. */
  public Future<Void> ping() {
    return pool.query("SELECT 1").execute().mapEmpty();
  }

  public Future<Void> close() {
    return pool.close();
  }

  /** SQLSTATE classes: data exceptions and integrity violations. */
  private static final Set<String> REFUSING = Set.of("22", "23");

  /**
   * SQLSTATE classes: connection, rollback, resources, prerequisite state, intervention, system.
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

  /** Whether the database refused the data itself, so that trying again cannot help. */
  public static boolean refusesData(Throwable failure) {
    return isOfClass(failure, REFUSING);
  }

  /** Whether the same may work a moment later. */
  public static boolean mayPass(Throwable failure) {
    return !(failure instanceof PgException) || isOfClass(failure, PASSING);
  }

  private static boolean isOfClass(Throwable failure, Set<String> classes) {
    return failure instanceof PgException pg
        && pg.getSqlState() != null
        && classes.contains(pg.getSqlState().substring(0, 2));
  }

  /**
   * Whether nothing can have been written: the database said no, or was never asked. A connection
   * lost on the way is neither.
   */
  public static boolean saysNo(Throwable failure) {
    boolean neverAsked =
        failure instanceof java.net.ConnectException
            || (failure.getMessage() != null
                && (failure.getMessage().contains("max wait queue")
                    || failure.getMessage().startsWith("Timeout")));
    return failure instanceof PgException
        || failure instanceof TransactionRollbackException
        || neverAsked;
  }
}
