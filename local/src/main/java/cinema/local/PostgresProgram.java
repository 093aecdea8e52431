package cinema.local;

import cinema.servers.PostgresServer;

/** The run's PostgreSQL. */
final class PostgresProgram implements Program {
  private final Place place;
  private volatile PostgresServer server;

  PostgresProgram(Place place) {
    this.place = place;
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public String service() {
    return "postgres";
  }

  @Override
  public int port() {
    return place.postgresPort();
  }

  @Override
  public void start() {
    stop();
    server = PostgresServer.start(place.data().resolve("postgres"), port());
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
