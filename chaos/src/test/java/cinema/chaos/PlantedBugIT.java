package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the product still has the places where bugs are planted. */
class PlantedBugIT {
  @TempDir Path planted;

  @ParameterizedTest
  @EnumSource
  void a_bug_can_be_planted(PlantedBug bug) throws IOException {
    Path libraries = Path.of(System.getProperty("classpath")).resolveSibling("lib");

    bug.plant(new Planting(planted, libraries));

    try (Stream<Path> classes = Files.walk(planted)) {
      assertThat(classes.filter(file -> file.toString().endsWith(".class"))).isNotEmpty();
    }
  }
}
