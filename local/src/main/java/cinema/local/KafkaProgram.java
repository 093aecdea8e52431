package cinema.local;

import cinema.servers.KafkaServer;

/** The run's Kafka broker. */
final class KafkaProgram implements Program {
  private final Place place;
  private volatile KafkaServer server;

  KafkaProgram(Place place) {
    this.place = place;
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public String service() {
    return "kafka";
  }

  @Override
  public int port() {
    return place.kafkaPort();
  }

  @Override
  public void start() {
    server =
        KafkaServer.start(
            place.data().resolve("kafka"),
            port(),
            place.kafkaControllerPort(),
            place.kafkaListeners());
  }

  @Override
  public boolean isRunning() {
    return server != null && server.isRunning();
  }

  @Override
  public boolean isReady() {
    return true; // its start returns no sooner
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public void stop() {
    if (server != null) {
      server.close();
    }
  }
}
