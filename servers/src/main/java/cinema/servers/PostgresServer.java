package cinema.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A PostgreSQL over a directory of its own, reached from this machine only and without a password.
 *
 * <p>It survives the JVM that started it when that is killed; the next start over the same
 * directory stops it and goes on with its data.
 */
public final class PostgresServer implements Server {
  // What makes a commit final, and keeps others out: asked back from every server started.
  private static final Map<String, String> CERTAIN =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "listen_addresses", "127.0.0.1");

  private static final String TUNED =
      "-c max_connections=100 -c shared_buffers=128MB -c max_wal_size=2GB -c random_page_cost=1.1"
          + " -c timezone=UTC -c log_checkpoints=off"
          // Its socket file in /tmp would collide with another user's server on the same port.
          + " -c unix_socket_directories=''";

  private static final int START_SECONDS = 120; // recovery after a kill reads up to max_wal_size
  private static final int STOP_SECONDS = 20;
  private static final Pattern CAUSE =
      Pattern.compile("(?:FATAL|PANIC|DETAIL|error|postgres|unshare): +(.+)");

  private final DataDirectory directory;
  private final Path data;
  private final int port;
  private Watchdog watchdog; // of a temporary server only
  private boolean closed;

  private PostgresServer(DataDirectory directory, int port) {
    this.directory = directory;
    this.data = directory.path().resolve("pgdata");
    this.port = port;
  }

  /**
   * Starts over the data in the directory, or creates it; it is kept after {@link #close()}.
   *
   * @throws ServerFailed when the port or the directory is in use, or the data cannot be used
   */
  public static PostgresServer start(Path dataDirectory, int port) {
    PostgresServer server = new PostgresServer(DataDirectory.own(dataDirectory), port);
    try {
      server.start();
      return server;
    } catch (IOException e) {
      server.close();
      throw new ServerFailed("PostgreSQL cannot run over " + dataDirectory + ": " + e + ".", e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Starts over an empty directory that is removed with the server, at the latest with this JVM.
   */
  public static PostgresServer temporary() {
    try {
      Path directory = Files.createTempDirectory("cinema-postgres-").toRealPath();
      // Before the server, so that there is no moment in which a kill would leave it behind.
      Watchdog watchdog =
          Watchdog.over(
              directory,
              PostgresPrograms.command(
                  "pg_ctl", "-D", directory.resolve("pgdata"), "-m", "immediate", "stop"));
      try {
        PostgresServer server = start(directory, FreePort.find());
        server.watchdog = watchdog;
        return server;
      } catch (RuntimeException e) {
        watchdog.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ServerFailed("No temporary PostgreSQL can be started: " + e + ".", e);
    }
  }

  /** As vertx-pg-client takes it. */
  public String url() {
    return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public int port() {
    return port;
  }

  /** The postmaster's process id. */
  @Override
  public long pid() {
    try {
      return Long.parseLong(Files.readAllLines(pidFile()).getFirst().strip());
    } catch (IOException | RuntimeException e) {
      throw new ServerFailed("No PostgreSQL is running over " + data + ".", e);
    }
  }

  /** Whether its postmaster is there; a killed one is not, though some of its sessions may be. */
  @Override
  public boolean isRunning() {
    return running() != null;
  }

  /** Ends its sessions and stops; what was committed is kept, unless it is temporary. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (directory) {
      if (watchdog != null) {
        watchdog.close();
      } else {
        stop();
      }
    } catch (IOException e) {
      throw new ServerFailed("PostgreSQL over " + data + " cannot be stopped: " + e + ".", e);
    }
  }

  private void start() throws IOException {
    if (!Files.exists(data)) {
      create();
    }
    stopOrphan();
    FreePort.require(port, "PostgreSQL");
    Path log = DataDirectory.log(directory.path(), "postgres.log");
    int said = logged(log).length;
    String options =
        CERTAIN.entrySet().stream()
            .map(setting -> " -c " + setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining("", TUNED + " -c port=" + port, ""));
    // pg_ctl gives it a session of its own: Ctrl-C reaches us, not it, and we stop it in our order.
    PostgresPrograms.Outcome start =
        PostgresPrograms.run(
            "pg_ctl", "-D", data, "-l", log, "-t", START_SECONDS, "-w", "-o", options, "start");
    if (!start.isGood()) {
      byte[] all = logged(log);
      throw failed(
          new String(all, said, all.length - said, StandardCharsets.UTF_8), start.output());
    }
    requireCertainty();
  }

  private static byte[] logged(Path log) throws IOException {
    return Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
  }

  private void create() throws IOException {
    // Under another name first: a kill in the middle must not leave half a database behind.
    Path unfinished = directory.path().resolve("pgdata.unfinished");
    PostgresPrograms.remove(unfinished);
    // Sorting by code point is the same on every machine, and the fastest.
    PostgresPrograms.Outcome created =
        PostgresPrograms.run(
            "initdb",
            "--pgdata=" + unfinished,
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8");
    if (!created.isGood()) {
      throw failed(created.output(), "");
    }
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Whoever started the server that runs here is dead, since we own the directory. It is stopped
   * rather than adopted: half a second later the port, the settings and the version are ours.
   */
  private void stopOrphan() throws IOException {
    boolean leftBehind = Files.exists(pidFile());
    stop();
    if (leftBehind) {
      // A killed server is gone before the last of its sockets is.
      Patience.until(Duration.ofSeconds(5), () -> FreePort.isFree(port));
    }
    // PostgreSQL would believe a process id that now belongs to another program. Should a session
    // of a dead server still be there, the memory they share stops the start all the same.
    Files.deleteIfExists(pidFile());
  }

  private void stop() throws IOException {
    ProcessHandle server = running();
    for (String mode : List.of("fast", "immediate")) {
      if (server == null) {
        return;
      }
      PostgresPrograms.run("pg_ctl", "-D", data, "-m", mode, "-t", STOP_SECONDS, "-w", "stop");
      // pg_ctl is content once postmaster.pid is gone; the port is free a moment later.
      if (Patience.until(Duration.ofSeconds(2), () -> !isOurs(server))) {
        return;
      }
    }
    throw new ServerFailed("PostgreSQL over " + data + " did not stop.");
  }

  /** The server over this directory, null when none is. */
  private ProcessHandle running() {
    try {
      return ProcessHandle.of(pid()).filter(this::isOurs).orElse(null);
    } catch (ServerFailed e) {
      return null;
    }
  }

  private boolean isOurs(ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    return info.command().orElse("").contains("postgres")
        && List.of(info.arguments().orElse(new String[0])).contains(data.toString());
  }

  private void requireCertainty() {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable&user=postgres";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> setting : CERTAIN.entrySet()) {
        try (ResultSet actual = statement.executeQuery("SHOW " + setting.getKey())) {
          actual.next();
          if (!actual.getString(1).equals(setting.getValue())) {
            throw failed("error: " + setting.getKey() + " is " + actual.getString(1), "");
          }
        }
      }
    } catch (SQLException e) {
      throw new ServerFailed(
          "PostgreSQL on port " + port + " does not answer: " + e.getMessage(), e);
    }
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  /** The causes are a few lines among many. */
  private ServerFailed failed(String log, String output) {
    String causes =
        CAUSE
            .matcher(log)
            .results()
            .map(cause -> cause.group(1))
            .limit(3)
            .collect(Collectors.joining("; "));
    return new ServerFailed(
        "PostgreSQL did not start over "
            + directory.path()
            + ": "
            + (causes.isEmpty() ? output.strip().replace('\n', ' ') : causes));
  }
}
