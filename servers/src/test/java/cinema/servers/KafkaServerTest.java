package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class KafkaServerTest {
  @TempDir Path directory;

  private final int port = FreePort.find();
  private final int controllerPort = FreePort.find();

  @Test
  void topics_records_and_offsets_survive_a_restart_and_a_kill() throws Exception {
    try (KafkaServer server = KafkaServer.start(directory, port, controllerPort)) {
      createTopic(server);
      send(server, "popcorn");
      assertThat(readOn(server)).containsExactly("popcorn");
    }
    int otherPort = FreePort.find();
    try (KafkaServer server = KafkaServer.start(directory, otherPort, FreePort.find())) {
      assertThat(server.bootstrap()).isEqualTo("127.0.0.1:" + otherPort);
      send(server, "cola");
      ProcessHandle broker = ProcessHandle.of(server.pid()).orElseThrow();
      broker.destroyForcibly();
      broker.onExit().get(10, TimeUnit.SECONDS);
    }
    try (KafkaServer server = KafkaServer.start(directory, port, controllerPort)) {
      assertThat(readOn(server)).containsExactly("cola");
    }
  }

  @Test
  void the_broker_ends_with_its_parent_and_the_next_waits_for_that() throws Exception {
    Owner owner = Owner.start("kafka", directory, port);
    ProcessHandle broker = ProcessHandle.of(owner.has().getFirst()).orElseThrow();
    assertThat(Owner.isAlive(broker)).isTrue();
    owner.kill();
    try (KafkaServer server = KafkaServer.start(directory, port, controllerPort)) {
      assertThat(Owner.isAlive(broker)).isFalse();
      assertThat(server.pid()).isNotEqualTo(broker.pid());
    }
  }

  @Test
  void close_ends_the_broker_and_may_be_repeated() {
    KafkaServer server = KafkaServer.start(directory, port, controllerPort);
    ProcessHandle broker = ProcessHandle.of(server.pid()).orElseThrow();
    server.close();
    server.close();
    assertThat(Owner.isAlive(broker)).isFalse();
    assertThat(FreePort.isFree(port)).isTrue();
  }

  @Test
  void a_port_in_use_is_said_in_one_sentence() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> KafkaServer.start(directory, other.getLocalPort(), controllerPort))
          .isInstanceOf(ServerFailed.class)
          .hasMessage("Kafka cannot listen on port %d: another program is using it.", port);
      assertThatThrownBy(() -> KafkaServer.start(directory, controllerPort, other.getLocalPort()))
          .isInstanceOf(ServerFailed.class)
          .hasMessage(
              "Kafka's controller cannot listen on port %d: another program is using it.", port);
    }
  }

  @Test
  void broken_data_are_said_in_one_sentence() throws Exception {
    Files.createDirectory(directory.resolve("topics"));
    Files.writeString(directory.resolve("topics/meta.properties"), "version=nonsense");
    assertThatThrownBy(() -> KafkaServer.start(directory, port, controllerPort))
        .isInstanceOf(ServerFailed.class)
        .hasMessageStartingWith("Kafka did not start over " + directory.toRealPath() + ": ")
        .hasMessageContaining("meta.properties");
  }

  @Test
  void a_mistyped_topic_is_an_error_and_not_a_topic() {
    try (Producer<String, String> producer = producer(SharedServers.kafka(), 2_000)) {
      assertThatThrownBy(() -> producer.partitionsFor("ordesr"))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("ordesr");
    }
  }

  @Test
  void an_interrupt_from_the_terminal_is_left_to_the_parent() throws Exception {
    Path status = Path.of("/proc/" + SharedServers.kafka().pid() + "/status");
    Assumptions.assumeTrue(Files.exists(status), "only Linux tells what a process ignores");
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    long mask = Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16);
    assertThat(mask & (1 << (2 - 1))).as("SIGINT is ignored").isNotZero();
  }

  @Test
  void a_broker_starts_from_what_was_rehearsed() throws Exception {
    Path mapped = Path.of("/proc/" + SharedServers.kafka().pid() + "/maps");
    Assumptions.assumeTrue(Files.exists(mapped), "only Linux tells what a process has mapped");
    Assumptions.assumeTrue(AheadOfTime.isKnown());
    assertThat(Files.readString(mapped)).contains("/kafka.aot");
  }

  private static void createTopic(KafkaServer server) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrap()))) {
      NewTopic topic = new NewTopic("snacks", Optional.of(1), Optional.empty());
      admin.createTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
    }
  }

  private static void send(KafkaServer server, String snack) throws Exception {
    try (Producer<String, String> producer = producer(server, 10_000)) {
      producer.send(new ProducerRecord<>("snacks", snack)).get(10, TimeUnit.SECONDS);
    }
  }

  private static Producer<String, String> producer(KafkaServer server, int millisecondsToBlock) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", server.bootstrap(), "max.block.ms", millisecondsToBlock),
        new StringSerializer(),
        new StringSerializer());
  }

  /** What the group has not read yet. */
  private static List<String> readOn(KafkaServer server) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            server.bootstrap(),
            "group.id",
            "bar",
            "auto.offset.reset",
            "earliest");
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("snacks"));
      for (long start = System.nanoTime(); System.nanoTime() - start < 10_000_000_000L; ) {
        var records = consumer.poll(Duration.ofMillis(100));
        if (!records.isEmpty()) {
          consumer.commitSync();
          return records.records(records.partitions().iterator().next()).stream()
              .map(ConsumerRecord::value)
              .toList();
        }
      }
      return List.of();
    }
  }
}
