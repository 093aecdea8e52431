package cinema.local;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over processes that do nothing but last for a while. */
class SupervisorTest {
  @TempDir Path data;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Sleeper> sleepers = new CopyOnWriteArrayList<>();
  private Supervisor supervisor;

  @BeforeEach
  void start() {
    supervisor = new Supervisor(data, told::add);
  }

  @AfterEach
  void stop() {
    supervisor.stop();
    assertThat(sleepers).noneMatch(Sleeper::isRunning);
    assertThat(data.resolve("processes.json")).doesNotExist();
  }

  @Test
  void what_is_killed_is_started_again_and_listed() throws Exception {
    Sleeper order = kept();
    long killed = order.pid();

    ProcessHandle.of(killed).orElseThrow().destroyForcibly();

    eventually("another one runs", () -> order.isRunning() && order.pid() != killed);
    eventually("it is listed", () -> listed().equals(List.of(order.entry())));
    assertThat(told).anyMatch(line -> line.equals("order-1 has ended and is started again"));
  }

  @Test
  void the_one_before_goes_once_another_has_been_ready_for_a_while() throws Exception {
    Sleeper before = kept();
    Sleeper fresh = new Sleeper();

    supervisor.replace(before, fresh, Duration.ofMillis(100));

    assertThat(before.isRunning()).isFalse();
    assertThat(fresh.isRunning()).isTrue();
    assertThat(listed()).containsExactly(fresh.entry());
  }

  @Test
  void the_one_before_goes_on_when_the_other_ends_again() throws Exception {
    // Started again it stays; but whoever ends once may end again.
    Sleeper fresh = new Sleeper("0.5", "60");

    assertGivenUp(fresh, "order-1 has ended again, and the one before goes on; see its log");

    assertThat(fresh.starts).isEqualTo(2);
  }

  @Test
  void the_one_before_goes_on_when_the_other_cannot_be_started() throws Exception {
    assertGivenUp(new Sleeper(Sleeper.NEVER), "order-1 cannot be started: no room");
  }

  private void assertGivenUp(Sleeper fresh, String why) throws Exception {
    Sleeper before = kept();

    assertThatThrownBy(() -> supervisor.replace(before, fresh, Duration.ofSeconds(3)))
        .isInstanceOf(CannotStart.class)
        .hasMessage(why);

    assertThat(fresh.isRunning()).isFalse();
    assertThat(before.isRunning()).isTrue();
    assertThat(listed()).containsExactly(before.entry());
  }

  private Sleeper kept() throws Exception {
    Sleeper sleeper = new Sleeper();
    supervisor.keep(sleeper).get(10, TimeUnit.SECONDS);
    return sleeper;
  }

  private List<ProcessList.Entry> listed() {
    try {
      return ProcessList.read(Files.readString(data.resolve("processes.json"))).entries();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Ready at once; lasts for so many seconds, at each start as long as it says next. */
  private final class Sleeper implements Program {
    static final String NEVER = "never";

    private final Queue<String> seconds;
    private volatile Process process;
    private volatile int starts;

    Sleeper(String... seconds) {
      this.seconds = new ArrayDeque<>(List.of(seconds));
      sleepers.add(this);
    }

    @Override
    public String name() {
      return "order-1";
    }

    @Override
    public String service() {
      return "order";
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public void start() throws IOException {
      String next = seconds.isEmpty() ? "60" : seconds.remove();
      if (next.equals(NEVER)) {
        throw new IOException("no room");
      }
      starts++;
      process = new ProcessBuilder("sleep", next).start();
    }

    @Override
    public boolean isRunning() {
      return process != null && process.isAlive();
    }

    @Override
    public boolean isUp() {
      return isRunning();
    }

    @Override
    public boolean isReady() {
      return isRunning();
    }

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public void drain() {
      stop();
    }

    @Override
    public void stop() {
      if (process != null) {
        process.destroyForcibly();
        process.onExit().join();
      }
    }
  }
}
