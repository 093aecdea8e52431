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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over processes that do nothing but last for a while. */
class SupervisorTest {
  private static final Duration MIN_READY = Duration.ofSeconds(3);

  @TempDir Path data;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Sleeper> sleepers = new CopyOnWriteArrayList<>();
  private Supervisor supervisor;

  private Supervisor supervisor() {
    supervisor = new Supervisor(data, told::add);
    return supervisor;
  }

  @AfterEach
  void stop() {
    supervisor.stop();
    assertThat(sleepers).noneMatch(Sleeper::isRunning);
    assertThat(data.resolve("processes.json")).doesNotExist();
  }

  @Test
  void what_is_killed_is_started_again_and_listed() throws Exception {
    Sleeper order = new Sleeper("order-1");
    ready(supervisor().keep(order));
    long killed = order.pid();

    ProcessHandle.of(killed).orElseThrow().destroyForcibly();

    eventually("another one runs", () -> order.isRunning() && order.pid() != killed);
    eventually("it is listed", () -> listed().equals(List.of(order.entry())));
    assertThat(told).anyMatch(line -> line.equals("order-1 has ended and is started again"));
  }

  @Test
  void the_one_before_goes_once_another_has_been_ready_for_a_while() throws Exception {
    Sleeper before = new Sleeper("order-1");
    Sleeper fresh = new Sleeper("order-1");
    ready(supervisor().keep(before));

    supervisor.replace(before, fresh, Duration.ofMillis(100));

    assertThat(before.isRunning()).isFalse();
    assertThat(fresh.isRunning()).isTrue();
    assertThat(listed()).containsExactly(fresh.entry());
  }

  @Test
  void the_one_before_goes_on_when_the_other_ends_again() throws Exception {
    Sleeper before = new Sleeper("order-1");
    // Started again it stays; but whoever ends once may end again.
    Sleeper fresh = new Sleeper("order-1", "0.5", "60");
    ready(supervisor().keep(before));

    assertThatThrownBy(() -> supervisor.replace(before, fresh, MIN_READY))
        .isInstanceOf(CannotStart.class)
        .hasMessage("order-1 has ended again, and the one before goes on; see its log");

    assertThat(fresh.starts).isEqualTo(2);
    assertThat(fresh.isRunning()).isFalse();
    assertThat(before.isRunning()).isTrue();
    assertThat(listed()).containsExactly(before.entry());
  }

  @Test
  void the_one_before_goes_on_when_the_other_cannot_be_started() throws Exception {
    Sleeper before = new Sleeper("order-1");
    Sleeper fresh = new Sleeper("order-1", "never");
    ready(supervisor().keep(before));

    assertThatThrownBy(() -> supervisor.replace(before, fresh, MIN_READY))
        .isInstanceOf(CannotStart.class)
        .hasMessage("order-1 cannot be started: no room");

    assertThat(before.isRunning()).isTrue();
    assertThat(listed()).containsExactly(before.entry());
  }

  private static void ready(CompletableFuture<Void> started) throws Exception {
    started.get(10, TimeUnit.SECONDS);
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
    private final String name;
    private final Queue<String> seconds;
    private volatile Process process;
    private volatile int starts;

    Sleeper(String name, String... seconds) {
      this.name = name;
      this.seconds = new ArrayDeque<>(List.of(seconds));
      sleepers.add(this);
    }

    @Override
    public String name() {
      return name;
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
      if (next.equals("never")) {
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
