package cinema.servers;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Runs a broker, with topics, records and a group that reads them, for a JVM to learn an
 * ahead-of-time cache from (JEP 483, JEP 515): whoever starts a broker from it waits half as long.
 * Part of the build. The cache knows the libraries only and so fits wherever they are the same,
 * whatever follows them on the class path.
 */
public final class KafkaRehearsal {
  private static final int MOST_SECONDS = 60;
  private static final int TOPICS = 4;
  private static final int PARTITIONS = 8;

  /** Sent and read so often, a few records each time, that everything is loaded. */
  private static final int ROUNDS = 30;

  private static final String VALUE = "{\"rehearsal\":\"" + "-".repeat(600) + "\"}";

  private KafkaRehearsal() {}

  /**
   * @param arguments the cache to write, and the file to note in where it is, which {@link
   *     KafkaServer} looks for beside itself
   */
  public static void main(String[] arguments) throws Exception {
    Path cache = Path.of(arguments[0]).toAbsolutePath();
    Path note = Path.of(arguments[1]);
    if (!AheadOfTime.isKnown()) {
      System.out.println("No cache: JDKs write one from " + AheadOfTime.SINCE + " on.");
    } else if (!fits(cache)) {
      Files.deleteIfExists(note);
      Path log = cache.resolveSibling("kafka-rehearsal.log");
      try {
        write(cache, log);
        Files.writeString(note, cache.toString());
      } catch (Exception e) {
        // Everything works without it, more slowly.
        System.out.println("No cache: " + e + "; see " + log);
      }
    }
  }

  /** The broker's own libraries as they are now, read by this JDK: only a JVM can tell. */
  private static boolean fits(Path cache) throws Exception {
    if (!Files.exists(cache)) {
      return false;
    }
    Process java =
        java(List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-version"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return java.waitFor(MOST_SECONDS, TimeUnit.SECONDS) && java.exitValue() == 0;
    } finally {
      java.destroyForcibly();
    }
  }

  private static void write(Path cache, Path log) throws Exception {
    Path directory = Files.createTempDirectory(cache.getParent(), "kafka-rehearsal-");
    Path topics = directory.resolve("topics");
    KafkaBroker.format(topics);
    int port = FreePort.find();
    Properties settings = KafkaBroker.settings(topics, port, FreePort.find());
    Path file = directory.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    Process broker =
        // Without C2, whose profiles take twice as long to learn and bring a broker nothing sooner.
        java(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:AOTCacheOutput=" + cache,
                "kafka.Kafka",
                file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Watchdog watchdog = Watchdog.over(directory, broker);
    try {
      play("127.0.0.1:" + port);
      broker.destroy(); // as asked; it writes the cache on its way
      if (!broker.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || !fits(cache)) {
        throw new IOException("the broker has left none that fits");
      }
    } finally {
      watchdog.close();
    }
  }

  private static ProcessBuilder java(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(KafkaServer.java());
    command.addAll(List.of("-cp", KafkaServer.libraries()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  private static void play(String bootstrap) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
    List<String> topics = IntStream.range(0, TOPICS).mapToObj(each -> "topic-" + each).toList();
    try (Admin admin = Admin.create(settings)) {
      admin
          .createTopics(
              topics.stream().map(name -> new NewTopic(name, PARTITIONS, (short) 1)).toList())
          .all()
          .get(MOST_SECONDS, TimeUnit.SECONDS);
    }
    StringSerializer serializer = new StringSerializer();
    StringDeserializer deserializer = new StringDeserializer();
    try (KafkaProducer<String, String> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"), serializer, serializer);
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    bootstrap,
                    "group.id",
                    "g",
                    "auto.offset.reset",
                    "earliest"),
                deserializer,
                deserializer)) {
      consumer.subscribe(topics);
      for (int round = 0; round < ROUNDS; round++) {
        List<Future<?>> sent = new ArrayList<>();
        for (String topic : topics) {
          sent.add(producer.send(new ProducerRecord<>(topic, "key-" + round, VALUE)));
        }
        for (Future<?> each : sent) {
          each.get(MOST_SECONDS, TimeUnit.SECONDS);
        }
        consumer.poll(Duration.ofMillis(50));
        consumer.commitSync();
      }
    }
  }
}
