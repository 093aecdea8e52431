package cinema.gatling;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The services' database, by PostgreSQL's own programs: {@code psql}, and {@code pgbench}, which
 * shows what the server does by itself with one order at a time. With Debian both come with
 * postgresql-contrib.
 */
final class Postgres {
  /** What one order is to the database. */
  enum Form {
    /** BEGIN, the order, its event, COMMIT: what most services do. */
    TRANSACTION("pgbench-transaction.sql"),
    /** The same two rows in one statement. */
    STATEMENT("pgbench-statement.sql");

    private final String script;

    Form(String script) {
      this.script = script;
    }
  }

  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

  private final String url;
  private final Path folder;

  /**
   * @param url of the database, as {@code postgresql://…}
   * @param folder where its scripts are put
   */
  Postgres(String url, Path folder) {
    this.url = url;
    this.folder = folder;
  }

  /**
   * As it happens every five minutes: from then on files of its log are used again, and it is no
   * longer busy with filling new ones with zeros.
   */
  void checkpoint() throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-c", "CHECKPOINT", url));
  }

  /** Makes pgbench's tables anew. */
  void prepare() throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script("pgbench-schema.sql"), url));
  }

  /** Orders a second, so many at a time. */
  double perSecond(Form form, int clients, int seconds) throws IOException, InterruptedException {
    String said =
        run(
            List.of(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-f",
                script(form.script),
                "-c",
                Integer.toString(clients),
                "-j",
                Integer.toString(Math.min(clients, 2)),
                "-T",
                Integer.toString(seconds),
                url));
    Matcher rate = RATE.matcher(said);
    if (!rate.find()) {
      throw new IOException("pgbench says no rate: " + said);
    }
    return Double.parseDouble(rate.group(1));
  }

  /** Leaves nothing of pgbench behind. */
  void cleanUp() throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-c", "DROP SCHEMA IF EXISTS pgbench CASCADE", url));
  }

  /** How many of a bar's orders with ids from this one on stand on the order view. */
  long onView(String barId, String fromOrderId) throws IOException, InterruptedException {
    String count =
        "SELECT count(*) FROM view.order_view WHERE bar_id = '%s' AND order_id >= '%s'"
            .formatted(barId, fromOrderId);
    return Long.parseLong(run(List.of("psql", "-qAt", "-c", count, url)).strip());
  }

  /**
   * Adds past orders to every service.
   *
   * @param first number, from 1
   * @param start ms since 1970, when number 0 was placed
   */
  void fill(long first, long last, long start) throws IOException, InterruptedException {
    run(
        List.of(
            "psql",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-v",
            "first=" + first,
            "-v",
            "last=" + last,
            "-v",
            "start=" + start,
            "-f",
            script("past-orders.sql"),
            url));
  }

  /** From now on the bar takes 400 ± 220 ms for each thing that it writes of its orders. */
  void slowBar() throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script("slow-bar.sql"), url));
  }

  /** No longer. */
  void quickBar() throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-c", "DROP FUNCTION IF EXISTS snackbar.slow CASCADE", url));
  }

  /** As autovacuum would do in time. */
  void vacuum() throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-c", "VACUUM ANALYZE", url));
  }

  private String script(String name) throws IOException {
    Files.createDirectories(folder);
    try (InputStream in = Postgres.class.getResourceAsStream(name)) {
      return Files.write(folder.resolve(name), in.readAllBytes()).toString();
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          command.getFirst() + " is not installed; Debian has it in postgresql-contrib", e);
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.getFirst() + " failed: " + said);
    }
    return said;
  }
}
