package cinema.k8s;

import cinema.shared.service.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the manifests have to agree with, as the sources of the services have it. */
final class Code {
  static final List<String> SERVICES = List.of("order", "snackbar", "alarm", "view");

  /** How a service's sources read a variable, and its default where that is a text. */
  private static final Pattern READS =
      Pattern.compile(
          "\\b(?:text|number|millis|path|read)\\(\\s*\"([A-Z][A-Z_]+)\"(?:,\\s*\"([^\"]*)\")?");

  private static final Pattern HEALTH = Pattern.compile("get\\(\"(/health/[a-z]+)\"\\)");

  /** On one's own machine alone a default may say such things. */
  private static final Pattern HERE = Pattern.compile("127\\.0\\.0\\.1|^data/");

  /** Their defaults work anywhere, but not for several replicas behind a gateway. */
  private static final Set<String> ALSO_TO_BE_SET =
      Set.of(
          "HTTP_PORT",
          "CLUSTER_PORT",
          "CLUSTER_DNS",
          "EVENT_BUS_PORT",
          "KAFKA_PARTITIONS",
          "KAFKA_REPLICAS",
          "STAFF_ISSUER",
          "TRUSTED_PROXIES",
          "DRAIN_MS");

  private static final Path ROOT = Path.of("..");

  private Code() {}

  /** Every variable that a service reads. */
  static Set<String> variables(String service) {
    return reads(service).map(read -> read.group(1)).collect(Collectors.toSet());
  }

  /** Those of them without which it does not work in a cluster. */
  static Set<String> variablesToSet(String service) {
    Set<String> names = new TreeSet<>(ALSO_TO_BE_SET);
    reads(service)
        .filter(read -> read.group(2) != null && HERE.matcher(read.group(2)).find())
        .map(read -> read.group(1))
        .forEach(names::add);
    // Instead of it there is CLUSTER_DNS.
    names.remove("CLUSTER_MEMBERS");
    return names;
  }

  static Set<String> healthPaths() {
    return HEALTH
        .matcher(read(ROOT.resolve("shared/src/main/java/cinema/shared/service/Health.java")))
        .results()
        .map(path -> path.group(1))
        .collect(Collectors.toSet());
  }

  /** How long a service takes at most to close everything once it has drained. */
  static int stopSeconds() {
    try {
      var seconds = Service.class.getDeclaredField("STOP_SECONDS");
      seconds.setAccessible(true);
      return seconds.getInt(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("Service does not say any more how long it takes to stop", e);
    }
  }

  private static Stream<MatchResult> reads(String service) {
    return Stream.of("shared", service + "-verticle")
        .flatMap(module -> sources(ROOT.resolve(module).resolve("src/main/java")))
        .flatMap(source -> READS.matcher(read(source)).results());
  }

  private static Stream<Path> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
