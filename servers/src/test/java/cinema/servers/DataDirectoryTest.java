package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path path;

  @Test
  void it_has_one_owner_at_a_time() throws Exception {
    try (DataDirectory owned = DataDirectory.own(path)) {
      assertThatThrownBy(() -> DataDirectory.own(owned.path(), Duration.ofMillis(50)))
          .isInstanceOf(ServerFailed.class)
          .hasMessage("Data directory %s is in use by another process.", path.toRealPath());
    }
    DataDirectory.own(path, Duration.ZERO).close();
  }

  @Test
  void a_log_goes_on_until_it_is_large() throws Exception {
    Path log = path.resolve("a.log");
    Files.writeString(log, "why it died");
    assertThat(DataDirectory.log(path, "a.log")).isEqualTo(log).exists();
    Files.write(log, new byte[10_000_001]);
    assertThat(DataDirectory.log(path, "a.log")).doesNotExist();
  }
}
