package cinema.gatling;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./run roll}, again and again, against the cluster that {@code PORT} and {@code DATA} name.
 */
final class Rolling {
  private final Path run;
  private final int times;
  private final StringBuilder told = new StringBuilder();
  private volatile String trouble = "";
  private volatile boolean over;

  /**
   * @param run the script
   */
  Rolling(Path run, int times) {
    this.run = run;
    this.times = times;
  }

  /** Begins after a while. */
  void startAfter(Duration pause) {
    Thread.ofPlatform().daemon().name("rolling").start(() -> roll(pause));
  }

  /** Whether it has come to an end, good or bad. */
  boolean isOver() {
    return over;
  }

  /** What went wrong; empty when nothing did. */
  String trouble() {
    return trouble;
  }

  /** What the rolls have said. */
  String told() {
    synchronized (told) {
      return told.toString();
    }
  }

  private void roll(Duration pause) {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      for (int i = 1; i <= times && trouble.isEmpty(); i++) {
        once(i);
      }
    } catch (IOException e) {
      trouble = e.toString();
    } catch (InterruptedException e) {
      trouble = "interrupted";
    }
    over = true;
  }

  private void once(int number) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(run.toString(), "roll").redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      synchronized (told) {
        told.append("roll ").append(number).append('\n').append(said);
      }
    }
    if (process.waitFor() != 0) {
      trouble = "roll " + number + " failed";
    }
  }
}
