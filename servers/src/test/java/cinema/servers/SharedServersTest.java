package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedServersTest {
  @TempDir Path temporary;

  @Test
  void all_tests_of_a_jvm_share_one_pair() {
    assertThat(SharedServers.postgres()).isSameAs(SharedServers.postgres());
    assertThat(SharedServers.kafka()).isSameAs(SharedServers.kafka());
  }

  @Test
  void nothing_is_left_of_them_when_the_jvm_ends() throws Exception {
    Owner owner = Owner.start("shared", temporary, 0);
    assertThat(temporary).isNotEmptyDirectory();
    owner.process().getOutputStream().close();
    owner.process().onExit().get(20, TimeUnit.SECONDS);
    assertThat(temporary).isEmptyDirectory();
    assertThat(Patience.until(Duration.ofSeconds(1), () -> !owner.hasServers())).isTrue();
  }

  @Test
  void nothing_is_left_of_them_when_the_jvm_is_killed() throws Exception {
    Owner owner = Owner.start("shared", temporary, 0);
    owner.kill();
    assertThat(Patience.until(Duration.ofSeconds(20), () -> !owner.hasServers() && isEmpty()))
        .isTrue();
  }

  private boolean isEmpty() {
    return temporary.toFile().list().length == 0;
  }
}
