package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whether the checker is sharp: every planted bug is found. Takes a minute each: {@code mvn -pl
 * chaos -am verify -DskipUnitTests -Dit.test=PlantedBugsIT -Dbugs=all}, or the names of some.
 */
@EnabledIfSystemProperty(named = "bugs", matches = ".+")
class PlantedBugsIT {
  /** What processes bear that start without an ahead-of-time cache, since theirs does not fit. */
  private static final double ORDERS_A_SECOND = 30;

  @TempDir Path planted;

  @ParameterizedTest
  @EnumSource
  void a_planted_bug_is_found(PlantedBug bug) throws Exception {
    String names = System.getProperty("bugs");
    assumeTrue(names.equals("all") || Set.of(names.split(",")).contains(bug.name()));
    String jar = System.getProperty("classpath");
    bug.plant(new Planting(planted, Path.of(jar).resolveSibling("lib")));
    RoughEvening.Plan plan =
        new RoughEvening.Plan(
            Long.getLong("seed", 1),
            600,
            ORDERS_A_SECOND,
            bug.staff(),
            bug.faults,
            false,
            planted + File.pathSeparator + jar,
            "-XX:TieredStopAtLevel=1",
            Duration.ofSeconds(5),
            Duration.ofSeconds(16));

    RoughEvening.Result result = new RoughEvening(plan, System.out::println).spend();

    Map<Anomaly.Kind, Integer> found = result.report().counts();
    System.out.printf("%s (seed %d): %s%n", bug, plan.seed(), found);
    assertThat(found).as(bug.sentence).containsAnyOf(entries(bug, found));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map.Entry<Anomaly.Kind, Integer>[] entries(
      PlantedBug bug, Map<Anomaly.Kind, Integer> found) {
    return bug.telling.stream()
        .map(kind -> Map.entry(kind, found.getOrDefault(kind, -1)))
        .toArray(Map.Entry[]::new);
  }
}
