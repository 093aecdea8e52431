package cinema.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The broker's own process: {@code KafkaBroker DATA_DIRECTORY PORT CONTROLLER_PORT LISTENERS}, the
 * last as {@code port:advertisedPort,…}, or empty.
 */
public final class KafkaBroker {
  static final String READY = "ready";
  static final String WHILE_PARENT_LIVES = "while-parent-lives";
  private static final int SHUTDOWN_SECONDS = 8;

  private KafkaBroker() {}

  /** Prints one line, {@code ready} or why not, and then runs until it is told to end. */
  public static void main(String[] arguments) {
    PrintStream answer = System.out;
    System.setOut(System.err); // a parent reads one line only
    if (arguments.length < 4) {
      answer.println("Usage: KafkaBroker DATA_DIRECTORY PORT CONTROLLER_PORT LISTENERS");
      System.exit(2);
    }
    if (arguments.length > 4 && arguments[4].equals(WHILE_PARENT_LIVES)) {
      Thread.ofPlatform().daemon().name("parent").start(KafkaBroker::endWithParent);
    }
    try {
      start(
          Path.of(arguments[0]),
          Integer.parseInt(arguments[1]),
          Integer.parseInt(arguments[2]),
          arguments[3].isEmpty() ? new String[0] : arguments[3].split(","));
      answer.println(READY);
    } catch (ServerFailed e) {
      answer.println(e.getMessage());
      Runtime.getRuntime().halt(1);
    } catch (Throwable e) {
      e.printStackTrace();
      answer.println("Kafka did not start over " + arguments[0] + ": " + cause(e));
      Runtime.getRuntime().halt(1);
    }
  }

  private static void start(Path dataDirectory, int port, int controllerPort, String[] listeners)
      throws Exception {
    Path topics = DataDirectory.own(dataDirectory).path().resolve("topics");
    FreePort.require(port, "Kafka");
    FreePort.require(controllerPort, "Kafka's controller");
    format(topics);
    Properties settings = settings(topics, port, controllerPort);
    for (String listener : listeners) {
      listenToo(settings, listener.split(":"));
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    server.startup();
  }

  /** Makes the directory one for topics, if it is not one already. */
  static void format(Path topics) throws Exception {
    if (!Files.exists(topics.resolve("meta.properties"))) {
      Files.createDirectories(topics);
      new Formatter()
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(topics.toString())
          .setMetadataLogDirectory(topics.toString())
          .setControllerListenerName("CONTROLLER")
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .run();
    }
  }

  static Properties settings(Path topics, int port, int controllerPort) throws IOException {
    Properties settings = new Properties();
    settings.load(
        new StringReader(
            """
            node.id=1
            process.roles=broker,controller
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            controller.listener.names=CONTROLLER
            controller.quorum.voters=1@127.0.0.1:%2$d
            # A killed broker may come back once its session is over: 9 s by default.
            broker.session.timeout.ms=2000
            broker.heartbeat.interval.ms=500
            # A mistyped topic is an error, not a topic.
            auto.create.topics.enable=false
            group.initial.rebalance.delay.ms=0
            offsets.topic.num.partitions=4
            offsets.topic.replication.factor=1
            transaction.state.log.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            share.coordinator.state.topic.num.partitions=4
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            # 128 MB by default, two thirds of this heap; enough for 150,000 keys a pass.
            log.cleaner.dedupe.buffer.size=4194304
            num.network.threads=2
            num.io.threads=4
            background.threads=2
            """
                .formatted(port, controllerPort)));
    settings.setProperty("log.dirs", topics.toString());
    return settings;
  }

  private static void listenToo(Properties settings, String[] ports) {
    String name = "PLAINTEXT" + ports[0];
    FreePort.require(Integer.parseInt(ports[0]), "Kafka");
    append(settings, "listeners", name + "://127.0.0.1:" + ports[0]);
    append(settings, "advertised.listeners", name + "://127.0.0.1:" + ports[1]);
    append(settings, "listener.security.protocol.map", name + ":PLAINTEXT");
  }

  private static void append(Properties settings, String name, String more) {
    settings.setProperty(name, settings.getProperty(name) + "," + more);
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // The parent is gone too.
    }
    CompletableFuture.delayedExecutor(SHUTDOWN_SECONDS, TimeUnit.SECONDS)
        .execute(() -> Runtime.getRuntime().halt(1));
    System.exit(0);
  }

  private static String cause(Throwable e) {
    return e.getCause() == null ? e.toString().replace('\n', ' ') : cause(e.getCause());
  }
}
