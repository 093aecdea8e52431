package cinema.local;

import cinema.servers.KafkaServer;
import cinema.servers.PostgresServer;
import cinema.servers.Server;
import java.util.function.Supplier;

/** A run's own PostgreSQL or Kafka. */
final class ServerProgram implements Program {
  private final String name;
  private final int port;
  private final Supplier<Server> starting;
  private volatile Server server;

  private ServerProgram(String name, int port, Supplier<Server> starting) {
    this.name = name;
    this.port = port;
    this.starting = starting;
  }

  static ServerProgram postgres(Place place) {
    return new ServerProgram(
        "postgres",
        place.postgresPort(),
        () -> PostgresServer.start(place.data().resolve("postgres"), place.postgresPort()));
  }

  static ServerProgram kafka(Place place) {
    return new ServerProgram(
        "kafka",
        place.kafkaPort(),
        () ->
            KafkaServer.start(
                place.data().resolve("kafka"),
                place.kafkaPort(),
                place.kafkaControllerPort(),
                place.kafkaListeners()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String service() {
    return name;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void start() {
    // One that was killed still holds its data directory.
    stop();
    server = starting.get();
  }

  @Override
  public boolean isRunning() {
    return server != null && server.isRunning();
  }

  @Override
  public boolean isUp() {
    return true; // its start returns no sooner
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public void drain() {
    stop(); // there is no other
  }

  @Override
  public void stop() {
    if (server != null) {
      server.close();
    }
  }
}
