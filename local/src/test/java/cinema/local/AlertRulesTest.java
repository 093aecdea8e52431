package cinema.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cinema.local.AlertRules.Alert;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When somebody is called, and that they find out what to do. */
class AlertRulesTest {
  @TempDir Path folder;

  @Test
  void alerts_fire_when_they_should_and_are_silent_when_not() throws Exception {
    Optional<Path> promtool = promtool();
    // Here rather than as a condition: where everything is tested nothing may be left out.
    if (promtool.isEmpty() && System.getenv("CI") != null) {
      throw new AssertionError("no promtool on the PATH: apt-get install prometheus");
    }
    assumeTrue(promtool.isPresent(), "no promtool on the PATH: the alerts are not tried");
    AlertRules.write(folder.resolve("alerts.yaml"));
    Files.copy(AlertRules.FOLDER.resolve("alerts_test.yaml"), folder.resolve("alerts_test.yaml"));
    Path output = folder.resolve("promtool.txt");

    Process process =
        new ProcessBuilder(promtool.get().toString(), "test", "rules", "alerts_test.yaml")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  @Test
  void every_alert_is_tried_both_ways() throws IOException {
    List<String> tries = Files.readAllLines(AlertRules.FOLDER.resolve("alerts_test.yaml"));
    for (Alert alert : AlertRules.read()) {
      assertThat(tries)
          .anyMatch(line -> line.contains("name: " + alert.name() + " fires"))
          .anyMatch(line -> line.contains("name: " + alert.name() + " is silent"));
    }
  }

  @Test
  void every_alert_says_what_it_means_and_where_to_read_on_and_nothing_there_is_left_over()
      throws IOException {
    List<String> entries =
        Files.readAllLines(Path.of("../docs/runbook.md")).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();

    assertThat(AlertRules.read()).extracting(Alert::name).containsExactlyElementsOf(entries);
    for (Alert alert : AlertRules.read()) {
      assertThat(alert.annotations().get("runbook"))
          .isEqualTo("docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT));
      assertThat((String) alert.annotations().get("summary")).isNotBlank();
      assertThat((String) alert.annotations().get("description")).isNotBlank();
    }
  }

  private static Optional<Path> promtool() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "promtool"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
