package cinema.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A JVM of its own that runs a main class of the packaged product, as {@code ./run} does. */
final class RunProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final Path output;

  private RunProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static RunProcess start(
      String mainClass, Path output, Map<String, String> environment, String... arguments)
      throws IOException {
    Path jar = Path.of(System.getProperty("classpath"));
    List<String> command = JavaProgram.java();
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC"));
    command.addAll(JavaProgram.fromCache(jar));
    command.addAll(List.of("-cp", jar.toString(), mainClass));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    return new RunProcess(builder.start(), output);
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the line {@code ready}; one that cannot start says so itself, and has ended. */
  RunProcess awaitReady() throws IOException {
    while (output().lines().noneMatch(line -> line.startsWith("ready"))) {
      if (!isAlive()) {
        throw new AssertionError(output());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return this;
  }

  /** Waits for the end; its exit status. */
  int ended() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after a minute");
    }
    return process.exitValue();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Whatever has failed: in order, so that its servers end with it. */
  @Override
  public void close() {
    terminate();
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
