package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.servers.FaultyLink;
import cinema.servers.SharedServers;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Gate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.TransactionRollbackException;
import io.vertx.sqlclient.Tuple;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a failure is decided by what PostgreSQL really answers. */
class DatabaseTest {
  private static final String MIGRATIONS = "cinema/shared/events";

  private static final String ASKED =
      """
      WITH asked AS MATERIALIZED (
        SELECT pid FROM pg_stat_activity
         WHERE application_name = 'far' AND query LIKE '%pg_sleep%' AND state = 'active')
      """;

  private static Bench bench;
  private static Database database;

  @BeforeAll
  static void open() {
    bench = Bench.of("database");
    database = bench.database(MIGRATIONS);
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO applied VALUES ('019aa29d-df20-7c11-9d52-7f6b0a1c2d3e', 0)",
        "INSERT INTO applied VALUES ('019aa29d-df20-7c11-9d52-7f6b0a1c2d3e', NULL)",
        "INSERT INTO applied SELECT '019aa29d-df20-7c11-9d52-7f6b0a1c2d3e', 1 FROM generate_series(1, 2)",
        "SELECT 1 / 0",
        "SELECT 'lobby'::uuid",
        "SELECT E'\\\\x00'::bytea::text::json",
      })
  void data_that_the_database_refuses_is_refused_for_good(String sql) {
    assertJudged(failureOf(database.execute(sql)), true, false, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELEC 1", "SELECT * FROM nowhere", "SELECT nothing FROM applied"})
  void a_mistake_in_our_sql_is_not_the_data_s_fault_and_does_not_pass(String sql) {
    assertJudged(failureOf(database.execute(sql)), false, false, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serialization_failure",
        "deadlock_detected",
        "lock_not_available",
        "too_many_connections",
        "cannot_connect_now",
        "disk_full",
        "query_canceled",
      })
  void what_the_database_cannot_do_at_the_moment_may_pass(String condition) {
    String sql = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '" + condition + "'; END $$";
    assertJudged(failureOf(database.execute(sql)), false, true, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crash_shutdown",
        "io_error",
        "connection_failure",
        "transaction_resolution_unknown",
        "statement_completion_unknown",
      })
  void an_error_that_may_be_met_after_a_commit_says_neither_yes_nor_no(String condition) {
    String sql = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '" + condition + "'; END $$";
    assertJudged(failureOf(database.execute(sql)), false, true, false);
  }

  @Test
  void an_address_that_cannot_be_read_is_not_shown_for_its_password() {
    Settings settings =
        bench.settings().with(Map.of("POSTGRES_URL", "postgresql://cinema:popcorn@host:port/db"));
    assertThatThrownBy(
            () -> await(Schema.bringUpToDate(settings, "cinema/none").open(bench.vertx())))
        .hasMessageStartingWith("POSTGRES_URL is not usable")
        .hasNoCause()
        .message()
        .doesNotContain("popcorn");
  }

  @Test
  void a_time_limit_of_our_own_says_neither_yes_nor_no() {
    Future<?> late = Promise.promise().future().timeout(1, TimeUnit.MILLISECONDS);
    assertJudged(failureOf(late), false, true, false);
  }

  @Test
  void what_is_asked_over_a_connection_that_falls_silent_is_given_up_and_says_neither_yes_nor_no() {
    try (FaultyLink link = FaultyLink.to(SharedServers.postgres().port());
        Bench silent = Bench.of("silent")) {
      String url = "postgresql://postgres@127.0.0.1:" + link.port() + "/postgres";
      Database there =
          await(
              Schema.bringUpToDate(silent.settings().with(Map.of("POSTGRES_URL", url)), MIGRATIONS)
                  .open(silent.vertx()));
      Supplier<Future<?>> busy =
          () -> there.transaction(connection -> connection.query("SELECT pg_sleep(0.2)").execute());
      await(Future.all(busy.get(), busy.get(), busy.get()));
      link.halfOpen();
      List<Future<?>> lost =
          List.of(
              there.execute("SELECT 1"),
              there.execute("SELECT $1::int", Tuple.of(1)),
              there.transaction(connection -> connection.query("SELECT 1").execute()));
      lost.forEach(asked -> assertJudged(failureOf(asked), false, true, false));
      link.heal();
      Bench.eventually("it answers again", () -> failureOf(there.ping()) == null);
    }
  }

  @Test
  void a_statement_that_takes_too_long_is_ended_and_may_pass() {
    Throwable failure =
        failureOf(
            database.transaction(
                connection ->
                    connection
                        .query("SET LOCAL statement_timeout = '10ms'")
                        .execute()
                        .compose(set -> connection.query("SELECT pg_sleep(9)").execute())));
    assertJudged(failure, false, true, true);
    String limits =
        "SELECT current_setting('statement_timeout') || ' '"
            + " || current_setting('idle_in_transaction_session_timeout')";
    assertThat(await(database.execute(limits)).iterator().next().getString(0)).isEqualTo("5s 5s");
  }

  @Test
  void a_commit_that_became_a_rollback_has_written_nothing() {
    Throwable failure =
        failureOf(
            database.transaction(
                connection -> connection.query("SELECT 1 / 0").execute().otherwiseEmpty()));
    assertThat(failure).isInstanceOf(TransactionRollbackException.class);
    assertThat(Database.saysNo(failure)).isTrue();
  }

  @Test
  void more_than_the_queue_holds_is_refused_before_the_database_is_asked() {
    try (Bench narrow = Bench.of("narrow")) {
      Database one =
          await(
              Schema.bringUpToDate(
                      narrow
                          .settings()
                          .with(Map.of("DATABASE_CONNECTIONS", "1", "DATABASE_QUEUE", "1")),
                      MIGRATIONS)
                  .open(narrow.vertx()));
      Future<?> working = one.execute("SELECT pg_sleep(4)");
      Future<?> waiting = one.transaction(connection -> Future.succeededFuture());
      Future<?> refused = one.transaction(connection -> Future.succeededFuture());
      // One waits too long, the other not at all.
      assertThat(failureOf(refused)).hasMessageContaining("max wait queue");
      assertJudged(failureOf(refused), false, true, true);
      assertJudged(failureOf(waiting), false, true, true);
      await(working);
    }
  }

  @Test
  void a_connection_that_breaks_on_the_way_says_neither_yes_nor_no() {
    try (Bench far = Bench.of("far");
        Gate gate = Gate.to(far.vertx(), SharedServers.postgres().port())) {
      String url = "postgresql://postgres@127.0.0.1:" + gate.port() + "/postgres";
      Database there =
          await(
              Schema.bringUpToDate(far.settings().with(Map.of("POSTGRES_URL", url)), MIGRATIONS)
                  .open(far.vertx()));
      Future<?> asked = there.execute("SELECT pg_sleep(4)");
      Bench.eventually("it is asked", () -> count(ASKED + "SELECT count(*) FROM asked") == 1);
      gate.cut();
      assertJudged(failureOf(asked), false, true, false);
      // Now it is not even asked.
      Bench.eventually("it is away", () -> failureOf(there.ping()) instanceof ConnectException);
      assertJudged(failureOf(there.ping()), false, true, true);
      gate.open();
      Bench.eventually("it answers again", () -> failureOf(there.ping()) == null);
    }
  }

  @Test
  void a_session_that_the_database_ends_says_neither_yes_nor_no() {
    try (Bench far = Bench.of("far")) {
      Database there = far.database(MIGRATIONS);
      Future<?> asked = there.execute("SELECT pg_sleep(4)");
      Bench.eventually(
          "it is ended",
          () -> count(ASKED + "SELECT count(*) FROM asked WHERE pg_terminate_backend(pid)") == 1);
      assertJudged(failureOf(asked), false, true, false);
      Bench.eventually("it answers again", () -> failureOf(there.ping()) == null);
    }
  }

  @Test
  void a_transaction_whose_work_breaks_off_is_rolled_back_and_frees_its_connection() {
    String insert = "INSERT INTO applied VALUES (gen_random_uuid(), 777)";
    for (int i = 0; i < 2 * bench.settings().databaseConnections(); i++) {
      assertThatThrownBy(
              () ->
                  await(
                      database.transaction(
                          connection -> {
                            Future<?> unused = connection.query(insert).execute();
                            throw new IllegalStateException("mistake");
                          })))
          .hasMessage("mistake");
    }
    assertThat(count("SELECT count(*) FROM applied WHERE version = 777")).isZero();
  }

  @Test
  void opening_again_keeps_what_is_there() {
    await(database.execute("INSERT INTO applied VALUES (gen_random_uuid(), 5)"));
    Database again = bench.database(MIGRATIONS);
    await(again.ping());
    assertThat(count("SELECT count(*) FROM applied WHERE version = 5")).isOne();
  }

  private static Throwable failureOf(Future<?> future) {
    return await(future.transform(done -> Future.succeededFuture(done.cause())));
  }

  private static long count(String sql) {
    return await(database.execute(sql)).iterator().next().getLong(0);
  }

  private static void assertJudged(
      Throwable failure, boolean refusesData, boolean mayPass, boolean saysNo) {
    assertThat(failure).isNotNull();
    assertThat(Database.refusesData(failure)).as("refuses: %s", failure).isEqualTo(refusesData);
    assertThat(Database.mayPass(failure)).as("may pass: %s", failure).isEqualTo(mayPass);
    assertThat(Database.saysNo(failure)).as("says no: %s", failure).isEqualTo(saysNo);
  }
}
