package cinema.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Seconds of processor time that each process of a run has taken so far, and this one, and each
 * kind of thread of the services; of Linux's {@code /proc} (proc_pid_stat(5)).
 *
 * @param processes by name; PostgreSQL's many are one
 * @param threads by name without numbers, of the processes that are ours and no server's
 */
record Costs(Map<String, Double> processes, Map<String, Double> threads) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double TICKS_A_SECOND = 100;
  private static final Path PROC = Path.of("/proc");

  /** Where utime, stime, and their children's stand, counted after the command's name. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;
  private static final int PARENT = 1;

  /** Those of the run whose data this is. */
  static Costs now(Path data) throws IOException {
    Map<String, Double> processes = new TreeMap<>();
    Map<String, Double> threads = new TreeMap<>();
    Map<Long, String> names = new HashMap<>();
    for (JsonNode entry : JSON.readTree(data.resolve("processes.json").toFile())) {
      // One process may carry many: it goes by the first.
      names.putIfAbsent(entry.path("pid").asLong(), entry.path("name").asText());
    }
    names.put(ProcessHandle.current().pid(), "load generator");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        String[] stat = stat(process.resolve("stat"));
        if (stat.length > 0) {
          long pid = Long.parseLong(process.getFileName().toString());
          add(process, pid, stat, names, processes, threads);
        }
      }
    }
    return new Costs(processes, threads);
  }

  private static void add(
      Path process,
      long pid,
      String[] stat,
      Map<Long, String> names,
      Map<String, Double> processes,
      Map<String, Double> threads)
      throws IOException {
    String own = names.get(pid);
    String parents = names.get(Long.parseLong(stat[PARENT]));
    if (own == null && "postgres".equals(parents)) {
      own = parents;
    }
    if (own == null) {
      return;
    }
    double children = own.equals("postgres") ? seconds(stat, CHILDREN_USER, CHILDREN_SYSTEM) : 0;
    processes.merge(own, seconds(stat, USER, SYSTEM) + children, Double::sum);
    if (!own.equals("postgres") && !own.equals("kafka") && !own.equals("load generator")) {
      addThreads(process, threads);
    }
  }

  private static void addThreads(Path process, Map<String, Double> threads) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path thread : all) {
        String[] stat = stat(thread.resolve("stat"));
        if (stat.length > 0) {
          String name =
              Files.readString(thread.resolve("comm")).strip().replaceAll("[-#: ]*[0-9]+.*", "");
          threads.merge(name, seconds(stat, USER, SYSTEM), Double::sum);
        }
      }
    }
  }

  private static double seconds(String[] stat, int... fields) {
    double ticks = 0;
    for (int field : fields) {
      ticks += Long.parseLong(stat[field]);
    }
    return ticks / TICKS_A_SECOND;
  }

  /**
   * @return empty when it has just ended
   */
  private static String[] stat(Path file) throws IOException {
    try {
      String line = Files.readString(file);
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (NoSuchFileException ended) {
      return new String[0];
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such process")) {
        return new String[0];
      }
      throw e;
    }
  }

  /** What has been taken since. */
  Costs since(Costs before) {
    return new Costs(difference(processes, before.processes), difference(threads, before.threads));
  }

  private static Map<String, Double> difference(
      Map<String, Double> now, Map<String, Double> before) {
    Map<String, Double> taken = new TreeMap<>();
    // A thread that has ended takes its time with it.
    now.forEach((name, s) -> taken.put(name, Math.max(0, s - before.getOrDefault(name, 0.0))));
    return taken;
  }

  /** All processes together, without who sends the load. */
  double ofProduct() {
    return processes.entrySet().stream()
        .filter(each -> !each.getKey().equals("load generator"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
