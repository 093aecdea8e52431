package cinema.chaos;

import cinema.servers.FreePort;
import cinema.shared.contract.Wire;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A {@code ./run cluster} of its own, with wires in between, seen and touched from outside only.
 */
final class Premises implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(180);
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int ANSWER_MILLIS = 1000;

  /**
   * What to open.
   *
   * @param port the first of {@link Wires#PORTS} that are free
   * @param data an empty directory, or none yet
   * @param wired what there are links for that can be made faulty
   * @param classPath of the cluster's processes, such as {@code local.jar}
   * @param options for all of its JVMs
   * @param environment further variables for all of its processes
   */
  record Plan(
      int port,
      Path data,
      Set<Target> wired,
      String classPath,
      String options,
      Map<String, String> environment) {}

  /** As in {@code processes.json}. */
  record Entry(String name, String service, long pid, int port) {}

  private final int port;
  private final Path data;
  private final Wires wires;
  private final Process process;
  private final Thread rewiring;
  private volatile List<Entry> entries = List.of();

  private Premises(int port, Path data, Wires wires, Process process) {
    this.port = port;
    this.data = data;
    this.wires = wires;
    this.process = process;
    this.rewiring = Thread.ofPlatform().daemon().name("rewiring").start(this::rewire);
  }

  /** Starts a cluster, and returns once all of it is ready. */
  static Premises open(Plan plan, Pause pause) throws IOException, InterruptedException {
    Wires wires = new Wires(plan.port, plan.wired);
    Files.createDirectories(plan.data);
    Path list = plan.data.resolve("wired.json");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                plan.classPath,
                "cinema.local.Run",
                "cluster")
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(plan.data.resolve("cluster.log").toFile()));
    Map<String, String> environment = builder.environment();
    environment.putAll(plan.environment);
    environment.put("PORT", Integer.toString(plan.port));
    environment.put("RATE_LIMITS", "off");
    environment.put("DATA", plan.data.toString());
    environment.put("REPLICAS", Integer.toString(Target.REPLICAS_EACH));
    environment.put("JAVA_OPTS", plan.options);
    environment.put("FRONT_DOOR__PROCESSES", list.toString());
    environment.putAll(wires.environment());
    Premises premises = new Premises(plan.port, plan.data, wires, builder.start());
    try {
      premises.awaitReady(pause);
      return premises;
    } catch (IOException | InterruptedException | RuntimeException e) {
      premises.close();
      throw e;
    }
  }

  private void awaitReady(Pause pause) throws IOException, InterruptedException {
    long limit = System.nanoTime() + START.toNanos();
    while (said().lines().noneMatch(line -> line.startsWith("ready"))) {
      if (!process.isAlive() || System.nanoTime() > limit) {
        throw new IOException("the cluster did not start: " + said());
      }
      pause.take(LOOK);
    }
  }

  /** What the supervisor has said. */
  String said() throws IOException {
    return Files.readString(data.resolve("cluster.log"));
  }

  URI door() {
    return URI.create("http://127.0.0.1:" + port);
  }

  String databases() {
    return "jdbc:postgresql://127.0.0.1:" + (port + 10) + "/postgres?user=postgres";
  }

  Wires wires() {
    return wires;
  }

  /** The processes that run now and belong to this target; none when they are about to start. */
  List<Entry> of(Target target) {
    return entries.stream()
        .filter(
            entry ->
                switch (target) {
                  case Target.Pair pair -> entry.service().equals(pair.service());
                  case Target.Replica replica -> entry.name().equals(replica.name());
                  case Target.Server server -> entry.name().equals(server.name());
                  case Target.Link link ->
                      entry.name().equals(link.from()) || entry.name().equals(link.to());
                })
        .toList();
  }

  /** Sends these processes a signal, such as {@code KILL}. */
  void signal(String name, List<Entry> processes) throws IOException, InterruptedException {
    for (Entry each : processes) {
      new ProcessBuilder("kill", "-" + name, Long.toString(each.pid()))
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  /** Whether everything runs, and every replica says itself that it is ready. */
  boolean isWhole() {
    List<Entry> now = entries;
    int replicas = Target.SERVICES.size() * Target.REPLICAS_EACH;
    return now.size() == replicas + 3 && now.stream().allMatch(Premises::isReady);
  }

  private static boolean isReady(Entry entry) {
    // What has just been killed is listed until the supervisor has looked; a zombie has no command.
    boolean isAlive =
        ProcessHandle.of(entry.pid()).flatMap(process -> process.info().command()).isPresent();
    return isAlive
        && (Target.SERVICES.contains(entry.service())
            ? answers(entry.port())
            : FreePort.isTaken(entry.port()));
  }

  private static boolean answers(int replica) {
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + replica + "/health/ready").toURL().openConnection();
      connection.setConnectTimeout(ANSWER_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Kafka's topics lie aside, to be deleted: a broker that starts now finds nothing. */
  Path takeAwayTopics() throws IOException {
    Path topics = data.resolve("kafka").resolve("topics");
    Path aside = data.resolve("kafka").resolve("wiped-" + System.nanoTime());
    Files.move(topics, aside, StandardCopyOption.ATOMIC_MOVE);
    return aside;
  }

  /** Follows the list of processes, and tells the front door of each by its wire. */
  private void rewire() {
    String before = "";
    try {
      while (process.isAlive()) {
        TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        Path list = data.resolve("processes.json");
        String now = Files.exists(list) ? Files.readString(list) : "[]";
        if (!now.equals(before)) {
          before = now;
          entries = List.of(Wire.decode(now, Entry[].class));
          write(entries);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the list of processes cannot be followed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void write(List<Entry> now) throws IOException {
    List<Entry> wired = new ArrayList<>();
    for (Entry entry : now) {
      if (Target.SERVICES.contains(entry.service())) {
        wired.add(new Entry(entry.name(), entry.service(), entry.pid(), wires.door(entry.name())));
      }
    }
    Path fresh = data.resolve("wired.json.new");
    Files.writeString(fresh, Wire.encode(wired));
    Files.move(
        fresh,
        data.resolve("wired.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    rewiring.interrupt();
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    wires.close();
  }
}
