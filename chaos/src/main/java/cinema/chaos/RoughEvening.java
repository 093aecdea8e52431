package cinema.chaos;

import cinema.servers.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An evening on which things break all the time, by a schedule that a seed decides; and in the end
 * the count, whether every promise was kept all the same.
 */
final class RoughEvening {
  private static final ZoneId TIME_ZONE = ZoneId.of("Asia/Seoul");

  /**
   * @param seed that customers, staff and boards draw from
   * @param orders that must be acknowledged at least
   * @param eachHealed whether a fault waits until the one before is over; else they overlap
   * @param classPath of the cluster's processes
   * @param options for the cluster's JVMs
   * @param clearing how long staff go on working after the last order
   * @param settling how long everything may take in the end to be everywhere
   */
  record Plan(
      long seed,
      int orders,
      double perSecond,
      Staff.Manner staff,
      List<Fault> faults,
      boolean eachHealed,
      String classPath,
      String options,
      Duration clearing,
      Duration settling) {}

  /**
   * @param slowest from a fault's end until everything was ready again, by kind, in nanoseconds
   * @param troubled whether the cluster came back from every fault; else why not
   */
  record Result(Plan plan, Report report, Map<Fault.Kind, Long> slowest, String troubled) {
    boolean isClean() {
      return report.isClean() && troubled.isEmpty();
    }

    /** Lines for people. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append("seed %d, %d faults%n%s".formatted(plan.seed, plan.faults.size(), report));
      new TreeMap<>(slowest)
          .forEach(
              (kind, nanos) ->
                  text.append("%-17s back after %.1f s at most%n".formatted(kind, nanos / 1e9)));
      return text.append(troubled).toString();
    }
  }

  private final Plan plan;
  private final Consumer<String> progress;

  RoughEvening(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /** Starts a cluster of its own over an empty directory, and leaves nothing of it behind. */
  Result spend() throws IOException, InterruptedException, SQLException {
    Path data = Files.createTempDirectory("cinema-chaos-");
    boolean clean = false;
    Premises.Plan cluster =
        new Premises.Plan(
            FreePort.findRow(Wires.PORTS), data, targets(), plan.classPath, plan.options, Map.of());
    try (Premises premises = Premises.open(cluster, Pause.REAL)) {
      progress.accept("the cluster is ready");
      Result result = spend(premises);
      clean = result.isClean();
      return result;
    } finally {
      if (clean) {
        remove(data);
      } else {
        progress.accept("what the processes said is in " + data.resolve("logs"));
      }
    }
  }

  private Result spend(Premises premises) throws IOException, InterruptedException, SQLException {
    Evening.Plan calm =
        new Evening.Plan(
            premises.door(),
            premises.databases(),
            TIME_ZONE,
            List.of("lobby", "roof"),
            2,
            Customers.Manner.usual(plan.perSecond),
            plan.staff,
            plan.seed);
    try (Evening evening = new Evening(calm, Pause.REAL)) {
      evening.open();
      Havoc havoc = new Havoc(premises, evening::now, Pause.REAL, progress);
      CompletableFuture<String> over = CompletableFuture.supplyAsync(() -> wreak(havoc));
      evening.serve(() -> over.isDone() && evening.acknowledged() >= plan.orders);
      String troubled = over.join();
      progress.accept("the last order is placed; everything is counted");
      Report report = evening.settle(plan.clearing, plan.settling, havoc.troubles());
      progress.accept(evening.told());
      return new Result(plan, report, havoc.slowest(), troubled);
    }
  }

  private String wreak(Havoc havoc) {
    try {
      havoc.wreak(plan.faults, plan.eachHealed);
      return "";
    } catch (IOException | IllegalStateException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private Set<Target> targets() {
    return plan.faults.stream().map(Fault::target).collect(Collectors.toSet());
  }

  private static void remove(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Spends one evening as system properties say: {@code orders} to be acknowledged at least at
   * {@code rate} a second, {@code faults} from {@code seed}, {@code healed} to let each fault wait
   * for the end of the one before, the manner of {@code staff} (usual, hurried, few), {@code
   * classpath} of the cluster (a {@code local.jar}), {@code options} of its JVMs.
   */
  static Plan asTold(Schedule.Limits limits) {
    long seed = Long.getLong("seed", System.currentTimeMillis());
    Staff.Manner staff = Staff.Manner.of(System.getProperty("staff", "usual"));
    return new Plan(
        seed,
        Integer.getInteger("orders", 5000),
        Double.parseDouble(System.getProperty("rate", "100")),
        staff,
        Schedule.of(seed, Integer.getInteger("faults", 20), limits),
        Boolean.getBoolean("healed"),
        System.getProperty("classpath"),
        System.getProperty("options", "-XX:TieredStopAtLevel=1"),
        staff == Staff.Manner.FEW ? Duration.ZERO : Duration.ofSeconds(30),
        Duration.ofSeconds(60));
  }

  /** Ends with status 1 when a promise was not kept. */
  public static void main(String[] arguments) throws Exception {
    Plan plan = asTold(Schedule.Limits.USUAL);
    System.out.println("seed " + plan.seed);
    Result result = new RoughEvening(plan, System.out::println).spend();
    System.out.print(result);
    System.exit(result.isClean() ? 0 : 1);
  }
}
