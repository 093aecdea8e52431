package cinema.servers;

/** One PostgreSQL and one Kafka for all tests of a JVM, started when first asked for. */
public final class SharedServers {
  private static PostgresServer postgres;
  private static KafkaServer kafka;

  private SharedServers() {}

  public static synchronized PostgresServer postgres() {
    if (postgres == null) {
      postgres = PostgresServer.temporary();
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
    }
    return postgres;
  }

  public static synchronized KafkaServer kafka() {
    if (kafka == null) {
      kafka = KafkaServer.temporary();
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
    }
    return kafka;
  }
}
