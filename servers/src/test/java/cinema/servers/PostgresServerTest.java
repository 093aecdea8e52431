package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class PostgresServerTest {
  @TempDir Path directory;

  private final int port = FreePort.find();

  @Test
  void data_survive_a_restart() throws Exception {
    try (PostgresServer server = PostgresServer.start(directory, port)) {
      Sql.run(server, "CREATE TABLE seat (number int)", "INSERT INTO seat VALUES (7)");
    }
    try (PostgresServer server = PostgresServer.start(directory, FreePort.find())) {
      assertThat(Sql.ask(server, "SELECT number FROM seat")).isEqualTo("7");
    }
  }

  @Test
  void a_server_whose_jvm_was_killed_is_taken_over_with_its_data() throws Exception {
    Owner owner = Owner.start("postgres", directory, port);
    owner.kill();
    ProcessHandle orphan = ProcessHandle.of(owner.has().getFirst()).orElseThrow();
    assertThat(Owner.isAlive(orphan)).isTrue();

    try (PostgresServer server = PostgresServer.start(directory, port)) {
      assertThat(Owner.isAlive(orphan)).isFalse();
      assertThat(server.pid()).isNotEqualTo(orphan.pid());
      assertThat(Sql.ask(server, "SELECT number FROM seat")).isEqualTo("7");
    }
  }

  @Test
  void data_survive_a_kill_of_the_server() throws Exception {
    try (PostgresServer server = PostgresServer.start(directory, port)) {
      Sql.run(server, "CREATE TABLE seat (number int)", "INSERT INTO seat VALUES (7)");
      kill(server.pid());
    }
    try (PostgresServer server = PostgresServer.start(directory, port)) {
      assertThat(Sql.ask(server, "SELECT number FROM seat")).isEqualTo("7");
    }
  }

  @Test
  void close_ends_the_server_and_may_be_repeated() throws Exception {
    PostgresServer server = PostgresServer.start(directory, port);
    assertThat(server.url()).isEqualTo("postgresql://postgres@127.0.0.1:" + port + "/postgres");
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    server.close();
    server.close();
    assertThat(Owner.isAlive(process)).isFalse();
    assertThat(FreePort.isFree(port)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "fsync, on",
    "synchronous_commit, on",
    "full_page_writes, on",
    "listen_addresses, 127.0.0.1",
    "server_encoding, UTF8"
  })
  void a_commit_is_final_and_only_this_machine_connects(String setting, String value)
      throws Exception {
    assertThat(Sql.ask(SharedServers.postgres(), "SHOW " + setting)).isEqualTo(value);
  }

  @Test
  void a_setting_saved_with_the_data_does_not_weaken_a_commit() throws Exception {
    PostgresServer.start(directory, port).close();
    Files.writeString(directory.resolve("pgdata/postgresql.auto.conf"), "fsync = off\n");
    try (PostgresServer server = PostgresServer.start(directory, port)) {
      assertThat(Sql.ask(server, "SHOW fsync")).isEqualTo("on");
    }
  }

  @Test
  void a_server_that_would_lose_commits_is_refused() throws Exception {
    try (PostgresServer server = PostgresServer.start(directory, port)) {
      Sql.run(server, "ALTER DATABASE postgres SET synchronous_commit = off");
    }
    assertThatThrownBy(() -> PostgresServer.start(directory, port))
        .isInstanceOf(ServerFailed.class)
        .hasMessageEndingWith("synchronous_commit is off");
    assertThat(FreePort.isFree(port)).isTrue();
  }

  @Test
  void a_number_that_is_no_port_is_said_in_one_sentence() {
    assertThatThrownBy(() -> PostgresServer.start(directory, 80_000))
        .isInstanceOf(ServerFailed.class)
        .hasMessage("PostgreSQL cannot listen on port 80000: ports go from 1 to 65535.");
  }

  @Test
  void a_port_in_use_is_said_in_one_sentence() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> PostgresServer.start(directory, other.getLocalPort()))
          .isInstanceOf(ServerFailed.class)
          .hasMessage("PostgreSQL cannot listen on port %d: another program is using it.", port);
    }
    PostgresServer.start(directory, port).close(); // the directory was let go
  }

  @Test
  void broken_data_are_said_in_one_sentence() throws Exception {
    PostgresServer.start(directory, port).close();
    // A refused statement is logged with its text: more bytes than letters.
    Files.writeString(directory.resolve("postgres.log"), "콜라\n".repeat(1000));
    Map<String, String> reasons =
        Map.of(
            "PG_VERSION", "which is not compatible with this version 17.11.",
            "global/pg_control", "could not read file \"global/pg_control\"",
            "postgresql.conf", "contains errors");
    for (Map.Entry<String, String> reason : reasons.entrySet()) {
      Path file = directory.resolve("pgdata").resolve(reason.getKey());
      byte[] good = Files.readAllBytes(file);
      Files.writeString(file, "16");
      assertThatThrownBy(() -> PostgresServer.start(directory, port))
          .isInstanceOf(ServerFailed.class)
          .hasMessageStartingWith("PostgreSQL did not start over " + directory.toRealPath() + ": ")
          .hasMessageContaining(reason.getValue())
          .hasMessageNotContaining("\n");
      Files.write(file, good);
    }
    PostgresServer.start(directory, port).close(); // nothing of it was in the way
  }

  @Test
  void a_file_where_the_directory_should_be_is_said_in_one_sentence() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> PostgresServer.start(file, port))
        .isInstanceOf(ServerFailed.class)
        .hasMessage("Data directory %s cannot be used: it is a file.", file);
  }

  @Test
  void a_process_id_left_in_the_directory_does_not_prevent_a_start() throws Exception {
    PostgresServer.start(directory, port).close();
    // Ours lives and is no PostgreSQL, as when the number of a dead one was given out again.
    String ours = Long.toString(ProcessHandle.current().pid());
    for (String left : List.of(ours, "4194304000", "nonsense", "")) {
      Files.writeString(directory.resolve("pgdata/postmaster.pid"), left + "\n");
      try (PostgresServer server = PostgresServer.start(directory, port)) {
        assertThat(Sql.ask(server, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void a_first_start_that_was_killed_does_not_prevent_the_next() throws Exception {
    Files.createDirectory(directory.resolve("pgdata.unfinished"));
    Files.createFile(directory.resolve("pgdata.unfinished/PG_VERSION"));
    try (PostgresServer server = PostgresServer.start(directory, port)) {
      assertThat(Sql.ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void a_temporary_server_takes_its_directory_along() throws Exception {
    Path data;
    ProcessHandle process;
    try (PostgresServer server = PostgresServer.temporary()) {
      data = Path.of(Sql.ask(server, "SHOW data_directory"));
      process = ProcessHandle.of(server.pid()).orElseThrow();
    }
    assertThat(Owner.isAlive(process)).isFalse();
    assertThat(data.getParent()).doesNotExist();
  }

  private static void kill(long pid) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    assertThat(Patience.until(Duration.ofSeconds(10), () -> !Owner.isAlive(process))).isTrue();
  }
}
