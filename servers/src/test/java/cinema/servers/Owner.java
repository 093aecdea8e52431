package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another JVM that has servers, or ports, to be killed.
 *
 * @param has process ids of its servers, or its ports
 */
record Owner(Process process, List<Long> has) {
  static Owner start(String what, Path directory, int port) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            System.getProperty("java.class.path"),
            Owner.class.getName(),
            what,
            directory.toString(),
            Integer.toString(port));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = process.inputReader().readLine();
    assertThat(line).as("what the other JVM says once it has them").isNotNull();
    return new Owner(process, Stream.of(line.split(" ")).map(Long::valueOf).toList());
  }

  /** As kill -9 does. */
  void kill() throws Exception {
    process.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
  }

  boolean hasServers() {
    return has.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).anyMatch(Owner::isAlive);
  }

  /** A process that ended may be listed as alive until its parent, or init, has taken note. */
  static boolean isAlive(ProcessHandle process) {
    return process.info().command().isPresent();
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "postgres" -> {
        PostgresServer server =
            PostgresServer.start(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        Sql.run(server, "CREATE TABLE seat (number int)", "INSERT INTO seat VALUES (7)");
        System.out.println(server.pid());
      }
      case "kafka" -> {
        KafkaServer server =
            KafkaServer.start(
                Path.of(arguments[1]), Integer.parseInt(arguments[2]), FreePort.find());
        System.out.println(server.pid());
      }
      case "shared" -> {
        System.out.println(SharedServers.postgres().pid() + " " + SharedServers.kafka().pid());
      }
      case "ports" ->
          System.out.println(
              Stream.generate(FreePort::find)
                  .limit(1000)
                  .map(String::valueOf)
                  .collect(Collectors.joining(" ")));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.in.read(); // until it is killed, or told to end
  }
}
