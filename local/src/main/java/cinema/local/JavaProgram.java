package cinema.local;

import cinema.servers.AheadOfTime;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A main class of this project in a JVM of its own; what it says is in {@code $DATA/logs}. It ends
 * with this JVM, kill -9 included.
 */
final class JavaProgram implements Program {
  private static final int STOP_SECONDS = 20;

  /** Longer than one takes that serves on, finishes what is in hand and leaves the cluster. */
  private static final int DRAIN_SECONDS = 50;

  /**
   * Many of these share a machine, and each starts often: the optimising compiler would take more
   * of it for a minute than the work itself (decision 18). {@code JAVA_OPTS} come after these.
   */
  private static final List<String> SOON_WARM =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:-AOTReplayTraining");

  private static final int ANSWER_MILLIS = 1000;
  private static final long LARGE_LOG = 10_000_000;

  private final String name;
  private final String service;
  private final int port;
  private final String mainClass;
  private final Path log;
  private final Map<String, String> environment;
  private volatile Process process;

  JavaProgram(
      String name,
      String service,
      int port,
      String mainClass,
      Path log,
      Map<String, String> environment) {
    this.name = name;
    this.service = service;
    this.port = port;
    this.mainClass = mainClass;
    this.log = log;
    this.environment = environment;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void start() throws IOException {
    Files.createDirectories(log.getParent());
    if (Files.exists(log) && Files.size(log) > LARGE_LOG) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    builder.environment().put("STOP_WITH_PARENT", "true");
    process = builder.start();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    // Ctrl-C goes to every process of the terminal; these are to end in their own order.
    command.addAll(List.of("sh", "-c", "trap '' INT; exec \"$@\"", name));
    command.addAll(java());
    command.addAll(
        List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(SOON_WARM);
    String classPath = System.getProperty("java.class.path");
    Path jar = Path.of(classPath.split(File.pathSeparator)[0]);
    command.addAll(fromCache(jar));
    command.addAll(words(environment.getOrDefault("JAVA_OPTS", "")));
    command.addAll(List.of("-cp", classPath, mainClass));
    return command;
  }

  /** This JVM's program, with what Hazelcast reaches into; executable jars have it inside. */
  static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    try (InputStream in = JavaProgram.class.getResourceAsStream("jvm.options")) {
      command.addAll(words(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Runtime.version().feature() < 24) {
      command.removeLast(); // --sun-misc-unsafe-memory-access
    }
    return command;
  }

  /** What makes a JVM begin with what was rehearsed; nothing when there is no cache. */
  static List<String> fromCache(Path jar) {
    return hasCache(jar) ? AheadOfTime.from(cacheOf(jar)) : List.of();
  }

  /** Whether {@link Rehearsal} has left a cache beside this jar, newer than all it depends on. */
  static boolean hasCache(Path jar) {
    File[] libraries = jar.resolveSibling("lib").toFile().listFiles();
    File cache = cacheOf(jar).toFile();
    return jar.endsWith("local.jar")
        && libraries != null
        && cache.lastModified() > jar.toFile().lastModified()
        && Arrays.stream(libraries).allMatch(each -> each.lastModified() < cache.lastModified());
  }

  static Path cacheOf(Path jar) {
    return jar.resolveSibling("local.aot");
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  @Override
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  @Override
  public boolean isUp() {
    return health() > 0;
  }

  @Override
  public boolean isReady() {
    int status = health();
    // The front door has no such page: that it says so is enough.
    return status == 200 || status == 404;
  }

  /** What it answers when asked whether it is ready, as an HTTP status; 0 when it does not. */
  private int health() {
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/health/ready").toURL().openConnection();
      connection.setConnectTimeout(ANSWER_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void drain() {
    if (process != null) {
      // The signal alone: Process.destroy() also ends its standard input, and so says that all end.
      process.toHandle().destroy();
      await(DRAIN_SECONDS);
    }
  }

  /** It sees that nobody is left whose answers it could finish: its standard input ends. */
  @Override
  public void stop() {
    if (process != null) {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        process.destroy();
      }
      await(STOP_SECONDS);
    }
  }

  private void await(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
