package cinema.gatling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where load goes and how much of it: each from the system property of that name, else from the
 * environment variable, else a default.
 */
final class Settings {
  private final UnaryOperator<String> lookup;

  /**
   * @param lookup null for what is not set
   */
  Settings(UnaryOperator<String> lookup) {
    this.lookup = lookup;
  }

  static Settings ofProcess() {
    return new Settings(name -> System.getProperty(name, System.getenv(name)));
  }

  /**
   * The front door, without a slash at the end.
   *
   * @throws IllegalArgumentException when it is not on this machine and nobody has set {@code
   *     ALLOW_REMOTE=true}: load that reaches a stranger by mistake is an attack
   */
  URI baseUrl() {
    return url("BASE_URL", "http://127.0.0.1:8080");
  }

  private URI url(String name, String usually) {
    URI url = URI.create(text(name, usually).replaceAll("/+$", ""));
    if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 1) {
      throw new IllegalArgumentException(name + " must be like http://127.0.0.1:8080, not " + url);
    }
    if (!isLoopback(url.getHost()) && !Boolean.parseBoolean(text("ALLOW_REMOTE", "false"))) {
      throw new IllegalArgumentException(
          url + " is not on this machine; load goes there only with ALLOW_REMOTE=true");
    }
    return url;
  }

  /** How many orders are measured. */
  int orders() {
    return whole("ORDERS", 1, 1000);
  }

  /** Orders a second. */
  int rate() {
    return whole("RATE", 1, 50);
  }

  /** Boards that staff have open. */
  int screens() {
    return whole("SCREENS", 1, 1);
  }

  /** Where orders are sent, when not to the front door: an order process itself. */
  URI ordersUrl() {
    return url("ORDERS_URL", baseUrl().toString());
  }

  /** Where the boards are opened, when not at the front door: a view process itself. */
  URI screensUrl() {
    return url("SCREENS_URL", baseUrl().toString());
  }

  /** For how long orders come before any is measured. */
  int warmupSeconds() {
    return whole("WARMUP_SECONDS", 0, 30);
  }

  /** For how long load comes that is measured. */
  int seconds() {
    return whole("SECONDS", 1, 30);
  }

  /** Customers who take turns to order. */
  int sessions() {
    return whole("SESSIONS", 1, 20);
  }

  /** How often every process is replaced, or one of each service killed. */
  int rolls() {
    return whole("ROLLS", 1, 1);
  }

  /** The database of the run on {@code PORT}, for PostgreSQL's own programs. */
  String databaseUrl() {
    return text(
        "POSTGRES_URL",
        "postgresql://postgres@127.0.0.1:" + (whole("PORT", 1, 8080) + 10) + "/postgres");
  }

  /** How many at a time, from few to many. */
  List<Integer> clients() {
    return numbers("CLIENTS", "1,2,4,8,16,32,64");
  }

  private List<Integer> numbers(String name, String usually) {
    String text = text(name, usually);
    try {
      return Arrays.stream(text.split(",")).map(each -> Integer.valueOf(each.strip())).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be like 1,8,64, not " + text);
    }
  }

  /** How many turns each of two builds has. */
  int turns() {
    return whole("TURNS", 1, 4);
  }

  /**
   * The same for the run of another build on this machine.
   *
   * @throws IllegalArgumentException when it is not said which
   */
  Settings ofOther() {
    int port = whole("OTHER_PORT", 1, 0);
    Map<String, String> other =
        Map.of(
            "PORT", Integer.toString(port),
            "DATA", text("OTHER_DATA", ""),
            "BASE_URL", "http://127.0.0.1:" + port,
            "ORDERS_URL", "http://127.0.0.1:" + (port + 1),
            "SCREENS_URL", "http://127.0.0.1:" + (port + 4));
    return new Settings(name -> other.getOrDefault(name, lookup.apply(name)));
  }

  /** How many past orders there are, from few to many. */
  List<Integer> sizes() {
    return numbers("SIZES", "10000,1000000,10000000");
  }

  /** Where the cluster keeps its data, and the list of its processes. */
  Path data() {
    return Path.of(text("DATA", inProject("data").toString()));
  }

  /** The script that rolls the cluster. */
  Path run() {
    return inProject("run").toAbsolutePath();
  }

  /**
   * Maven's plugins run what they run here or there: in the project's folder, or in this module's.
   */
  private static Path inProject(String name) {
    Path here = Path.of(name);
    return Files.exists(here) ? here : Path.of("..", name);
  }

  /** Customers of the smoke run. */
  int users() {
    return whole("USERS", 1, 5);
  }

  private int whole(String name, int least, int usually) {
    String text = text(name, Integer.toString(usually));
    try {
      int number = Integer.parseInt(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        name + " must be a whole number from " + least + ", not " + text);
  }

  private String text(String name, String usually) {
    String text = lookup.apply(name);
    return text == null || text.isBlank() ? usually : text.strip();
  }

  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (IOException e) {
      throw new UncheckedIOException("nobody knows the host " + host, e);
    }
  }
}
