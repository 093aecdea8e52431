package cinema.servers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Kafka broker of one node in a JVM of its own, so that its libraries never meet ours; it ends
 * with this JVM, kill -9 included.
 */
public final class KafkaServer implements Server {
  private static final int START_SECONDS = 120; // two seconds, unless the machine is overwhelmed
  private static final int STOP_SECONDS = 15;

  private final Process process;
  private final int port;
  private Watchdog watchdog; // of a temporary server only

  private KafkaServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** As {@link #start(Path, int, int, Map)}, without further listeners. */
  public static KafkaServer start(Path dataDirectory, int port, int controllerPort) {
    return start(dataDirectory, port, controllerPort, Map.of());
  }

  /**
   * Starts over the topics in the directory, or creates it; they are kept after {@link #close()}.
   *
   * @param controllerPort that only the broker itself connects to
   * @param listeners further ports to listen on, each with the port that its clients are told to
   *     come back by: where a proxy listens
   * @throws ServerFailed when a port or the directory is in use, or the data cannot be used
   */
  public static KafkaServer start(
      Path dataDirectory, int port, int controllerPort, Map<Integer, Integer> listeners) {
    try {
      Path directory = DataDirectory.create(dataDirectory);
      return launch(directory, port, controllerPort, listeners).awaitReady();
    } catch (IOException e) {
      throw new ServerFailed("Kafka cannot run over " + dataDirectory + ": " + e + ".", e);
    }
  }

  /**
   * Starts over an empty directory that is removed with the server, at the latest with this JVM.
   */
  public static KafkaServer temporary() {
    try {
      Path directory = Files.createTempDirectory("cinema-kafka-").toRealPath();
      KafkaServer server = launch(directory, FreePort.find(), FreePort.find(), Map.of());
      server.watchdog = Watchdog.over(directory, server.process);
      return server.awaitReady();
    } catch (IOException e) {
      throw new ServerFailed("No temporary Kafka can be started: " + e + ".", e);
    }
  }

  /** For {@code bootstrap.servers}. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  @Override
  public int port() {
    return port;
  }

  /** The broker's process id. */
  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Stops; topics and records are kept, unless it is temporary. */
  @Override
  public synchronized void close() {
    try {
      if (watchdog != null) {
        watchdog.close();
      }
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new ServerFailed("Kafka on port " + port + " cannot be stopped: " + e + ".", e);
    } catch (InterruptedException e) {
      throw ServerFailed.interrupted(e);
    }
  }

  private static KafkaServer launch(
      Path directory, int port, int controllerPort, Map<Integer, Integer> listeners)
      throws IOException {
    String further =
        listeners.entrySet().stream()
            .map(listener -> listener.getKey() + ":" + listener.getValue())
            .collect(Collectors.joining(","));
    List<String> command = new ArrayList<>();
    // Ctrl-C goes to every process of the terminal; a broker is to end after the rest.
    command.addAll(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "kafka"));
    command.addAll(java());
    command.addAll(fromCache());
    command.addAll(List.of(asThisIsCompiled(), "-XX:+DisplayVMOutputToStderr"));
    command.addAll(List.of("-cp", libraries() + File.pathSeparator + ownClasses()));
    command.addAll(
        List.of(
            KafkaBroker.class.getName(),
            directory.toString(),
            Integer.toString(port),
            Integer.toString(controllerPort),
            further,
            KafkaBroker.WHILE_PARENT_LIVES));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(
                    DataDirectory.log(directory, "broker.log").toFile()))
            .start();
    return new KafkaServer(process, port);
  }

  /** A broker's JVM, without what it runs. */
  static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx192m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData", // a file in /tmp that a kill leaves behind
        "--enable-native-access=ALL-UNNAMED",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
        "-Dlog4j2.statusLoggerLevel=OFF");
  }

  /** What makes it begin with what {@link KafkaRehearsal} has learnt; nothing where it has not. */
  private static List<String> fromCache() throws IOException {
    String cache = resource("broker.cache");
    return cache == null ? List.of() : AheadOfTime.from(Path.of(cache));
  }

  /** Where this JVM does without the optimising compiler, there is none to spare for Kafka's. */
  private static String asThisIsCompiled() {
    String flag = "-XX:TieredStopAtLevel=";
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(flag))
        .reduce(flag + 4, (earlier, later) -> later);
  }

  private KafkaServer awaitReady() {
    String answer =
        CompletableFuture.supplyAsync(this::firstLine)
            .completeOnTimeout(
                "Kafka was not ready within " + START_SECONDS + " s.",
                START_SECONDS,
                TimeUnit.SECONDS)
            .join();
    if (!answer.equals(KafkaBroker.READY)) {
      close();
      throw new ServerFailed(answer);
    }
    return this;
  }

  private String firstLine() {
    try {
      String line = process.inputReader().readLine();
      return line != null ? line : "Kafka ended before it was ready; its broker.log tells why.";
    } catch (IOException e) {
      return "Kafka is not heard: " + e + ".";
    }
  }

  /** Of the broker, from the list written when this module was built. */
  static String libraries() throws IOException {
    String libraries = resource("broker.classpath");
    if (libraries == null) {
      throw new ServerFailed("Kafka's libraries are not known: build this module with Maven.");
    }
    return libraries;
  }

  /** Null when there is none of that name beside this class. */
  private static String resource(String name) throws IOException {
    try (InputStream in = KafkaServer.class.getResourceAsStream(name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static String ownClasses() throws IOException {
    try {
      return Path.of(KafkaServer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
