package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.TransactionRollbackException;
import io.vertx.sqlclient.Tuple;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A service's own {@link Schema}, used through one bounded pool. */
public final class Database {
  private static final int FIRST_CONTACTS = 10;

  private static final int LONGEST_CACHED = 16 * 1024;

  /** Seconds that a statement may take, and a transaction may wait for its next one. */
  private static final int LONGEST_STATEMENT = 5;

  /** Without an answer for so long the network must be dead: the database gave up before. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2 * LONGEST_STATEMENT);

  private final Pool pool;

  private Database(Pool pool) {
    this.pool = pool;
  }

  /** One whose schema is up to date. */
  static Future<Database> connect(Vertx vertx, Settings settings) {
    Database database = new Database(pool(vertx, settings));
    return database.untilAnswers(vertx, FIRST_CONTACTS).map(database);
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

  /** Says what is wrong with it without showing it: there may be a password in it. */
  static PgConnectOptions options(Settings settings) {
    try {
      return PgConnectOptions.fromUri(settings.postgresUrl());
    } catch (RuntimeException unreadable) {
      throw new IllegalStateException(
          "POSTGRES_URL is not usable: write it like postgresql://user:password@host:5432/database");
    }
  }

  private static Pool pool(Vertx vertx, Settings settings) {
    PgConnectOptions connect =
        options(settings)
            .addProperty("search_path", settings.schema())
            .addProperty("application_name", settings.service())
            // Every statement finds its rows by key, whatever the values. Left to choose, the
            // planner plans some of them each time, which takes longer than to execute them.
            .addProperty("plan_cache_mode", "force_generic_plan")
            // A plan is made once, perhaps for tables that are empty yet, and all of one is read
            // where that seems cheapest then.
            .addProperty("enable_seqscan", "off")
            // Where only all of a table will do, the cost of what is off would have even the
            // shortest statement compiled.
            .addProperty("jit", "off")
            // No statement may hold a row for longer than somebody waits for an answer, and a
            // frozen process not longer than its neighbours can bear.
            .addProperty("statement_timeout", LONGEST_STATEMENT + "s")
            .addProperty("idle_in_transaction_session_timeout", LONGEST_STATEMENT + "s")
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(128)
            // By default those longer than 2048 characters are planned anew each time: the very
            // statements that write whole batches.
            .setPreparedStatementCacheSqlLimit(LONGEST_CACHED)
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

  /** One or more statements without values, separated by semicolons. */
  public Future<RowSet<Row>> execute(String sql) {
    return answered(pool.query(sql).execute());
  }

  /** One statement, which is a transaction of its own. */
  public Future<RowSet<Row>> execute(String sql, Tuple values) {
    return answered(pool.preparedQuery(sql).execute(values));
  }

  /** One transaction around {@code work}; rolled back when it fails. */
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return transaction(LONGEST_SILENCE, work);
  }

  /**
   * The same for work that sets itself a {@code statement_timeout} of its own.
   *
   * @param longest after which it is given up, whatever has become of it
   */
  public <T> Future<T> transaction(Duration longest, Function<SqlConnection, Future<T>> work) {
    return pool.getConnection()
        .compose(
            connection -> transaction(connection, work).onComplete(ended -> connection.close()))
        .timeout(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * As the pool's own, but that BEGIN and the first statements travel together: on a busy machine
   * each journey waits for its turn twice.
   */
  private static <T> Future<T> transaction(
      SqlConnection connection, Function<SqlConnection, Future<T>> work) {
    Future<Transaction> begun = connection.begin();
    Future<T> worked = Future.succeededFuture().compose(now -> work.apply(connection));
    return Future.join(begun, worked)
        .transform(
            both -> {
              if (begun.failed()) {
                return Future.failedFuture(begun.cause());
              }
              Transaction transaction = begun.result();
              return worked.succeeded()
                  ? transaction.commit().map(worked.result())
                  : transaction
                      .rollback()
                      .transform(rolledBack -> Future.failedFuture(worked.cause()));
            });
  }

  /**
   * Waits no longer than a database takes that is there: a network that swallows everything breaks
   * no connection, and the client would wait for its answer for ever.
   */
  private static <T> Future<T> answered(Future<T> answer) {
    return answer.timeout(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether the database answers. */
  public Future<Void> ping() {
    return execute("SELECT 1").mapEmpty();
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
    return failure instanceof PgException pg && classes.contains(stateOf(pg).substring(0, 2));
  }

  private static String stateOf(PgException failure) {
    return failure.getSqlState() == null ? "XX000" : failure.getSqlState();
  }

  /**
   * SQLSTATE classes of errors that end in a rollback by a database that lives on. Left out are
   * those that may be met after the commit was written: connection, intervention, system, internal.
   */
  private static final Set<String> ROLLED_BACK =
      Set.of(
          "0A", "21", "22", "23", "25", "26", "28", "2B", "2D", "34", "3B", "3D", "3F", "40", "42",
          "44", "53", "54", "55", "P0");

  /** Of the classes left out: never let in, and cancelled before the commit. */
  private static final Set<String> NOT_DONE = Set.of("08001", "08004", "57014", "57P03");

  private static final String COMPLETION_UNKNOWN = "40003";

  /**
   * Whether nothing can have been written: the database said no, or was never asked. A connection
   * lost on the way is neither, and neither is a database that goes down.
   */
  public static boolean saysNo(Throwable failure) {
    if (failure instanceof PgException pg) {
      String state = stateOf(pg);
      return NOT_DONE.contains(state)
          || (isOfClass(pg, ROLLED_BACK) && !state.equals(COMPLETION_UNKNOWN));
    }
    return failure instanceof TransactionRollbackException || neverAsked(failure);
  }

  /** The pool's words for having had no connection to give in time. */
  private static final Set<String> NO_CONNECTION =
      Set.of("Timeout", "Timeout waiting for connection");

  private static boolean neverAsked(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || message.contains("max wait queue")
        || NO_CONNECTION.contains(message);
  }
}
