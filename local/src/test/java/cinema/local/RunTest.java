package cinema.local;

import static cinema.shared.testing.Bench.eventually;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run} over a directory of the test's own, of which nothing may be left running. */
abstract class RunTest {
  @TempDir Path temp;

  final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
    eventually("nothing of it is left running", () -> survivors().isEmpty());
  }

  /** What still works in this test's directory: postgres and the broker name it when they start. */
  private List<String> survivors() {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.map(handle -> handle.info().commandLine().orElse(null))
          .filter(Objects::nonNull)
          .filter(line -> line.contains(temp.toString()))
          .toList();
    }
  }
}
