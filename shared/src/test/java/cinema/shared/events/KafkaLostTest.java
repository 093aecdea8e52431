package cinema.shared.events;

import static cinema.shared.testing.Bench.eventually;

import cinema.servers.FreePort;
import cinema.servers.KafkaServer;
import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a Kafka of their own, which loses what it was given. */
class KafkaLostTest {
  private static final String BAR = "lobby";

  @TempDir Path directory;

  private final int port = FreePort.find();
  private final int controllerPort = FreePort.find();
  private final Bench bench = Bench.of(Tale.unique("sure"));
  private final Settings settings =
      bench.settings().with(Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:" + port));
  private final EventPublisher publisher =
      bench.onLoop(() -> Future.succeededFuture(new EventPublisher(bench.vertx(), settings)));
  private final List<EventReader> readers = new ArrayList<>();
  private KafkaServer kafka;
  private Database database;
  private Outbox<OrderEvent> outbox;

  @AfterEach
  void close() {
    if (outbox != null) {
      outbox.stop();
    }
    readers.forEach(each -> bench.onLoop(each::stop));
    bench.onLoop(publisher::close);
    kafka.close();
    bench.close();
  }

  @Test
  void what_was_published_to_a_topic_that_was_made_again_arrives_once_more() throws Exception {
    startKafka();
    startOutbox();
    Ear ear = new Ear(BAR);
    together(ear);
    List<Told<OrderEvent>> told = Tale.of(10, BAR);
    told.forEach(this::tell);
    eventually("all are marked", () -> unmarked() == 0 && ear.events().containsAll(events(told)));
    List<Event> before = ear.events();

    delete(Topic.ORDERS);

    eventually("all are heard once more", () -> since(before, ear).containsAll(events(told)));
    Told<OrderEvent> next = Tale.of(BAR);
    tell(next);
    eventually("what is new is heard", () -> ear.events().contains(next.event()));
    eventually("all are marked again", () -> unmarked() == 0);
  }

  @Test
  void a_reader_that_was_ahead_reads_all_that_a_wiped_kafka_is_told() throws Exception {
    startKafka();
    startOutbox();
    Ear ear = new Ear(BAR);
    Promise<Void> stored = Promise.promise();
    List<Told<OrderEvent>> told = Tale.of(30, BAR);
    Told<OrderEvent> inHand = Tale.of(BAR);
    AtomicBoolean isInHand = new AtomicBoolean();
    EventReader reader =
        together(
            batch -> {
              if (batch.stream().anyMatch(each -> each.event().equals(inHand.event()))) {
                isInHand.set(true);
                return stored.future().compose(done -> ear.apply(batch));
              }
              return ear.apply(batch);
            });
    eventually("it has its share", reader::isAssigned);
    told.forEach(this::tell);
    eventually("all are heard", () -> ear.events().containsAll(events(told)));
    eventually("all are marked", () -> unmarked() == 0);
    tell(inHand);
    eventually("a batch is in hand", isInHand::get);
    List<Event> before = ear.events();

    wipe();
    List<Told<OrderEvent>> more = Tale.of(10, BAR);
    more.forEach(this::tell);
    // Everything and more, so that the old position is in the midst of the new topic.
    eventually("all are told again", () -> Kafka.records(settings, "orders", BAR).size() >= 41);
    stored.complete();

    List<Told<OrderEvent>> all = new ArrayList<>(told);
    all.addAll(more);
    all.add(inHand);
    eventually("all are heard from the start", () -> since(before, ear).containsAll(events(all)));
    eventually("all are marked", () -> unmarked() == 0);
  }

  @Test
  void a_reader_that_was_ahead_begins_anew_on_a_topic_that_was_made_again() throws Exception {
    beginsAnew(
        Topic.ORDERS,
        Tale.of(4, BAR),
        Tale.of(10, BAR),
        apply ->
            EventReader.together(bench.vertx(), settings, List.of(Topic.ORDERS), publisher, apply));
  }

  @Test
  void a_reader_of_a_whole_topic_that_was_made_again_begins_anew() throws Exception {
    beginsAnew(
        Topic.MENUS,
        described(1, 4),
        described(11, 20),
        apply -> EventReader.whole(bench.vertx(), settings, Topic.MENUS, publisher, apply));
  }

  private <E extends Event> void beginsAnew(
      Topic<E> topic,
      List<Told<E>> before,
      List<Told<E>> after,
      Function<Function<List<Told<? extends Event>>, Future<Void>>, EventReader> make)
      throws Exception {
    startKafka();
    Ear ear = new Ear(BAR);
    Promise<Void> stored = Promise.promise();
    AtomicBoolean isInHand = new AtomicBoolean();
    E inHand = before.getLast().event();
    start(
        bench.onLoop(
            () ->
                Future.succeededFuture(
                    make.apply(
                        batch -> {
                          if (batch.stream().noneMatch(each -> each.event().equals(inHand))) {
                            return ear.apply(batch);
                          }
                          isInHand.set(true);
                          return stored.future().compose(done -> ear.apply(batch));
                        }))));
    send(topic, before.subList(0, 3));
    eventually("it has read", () -> ear.events().size() == 3);
    send(topic, before.subList(3, 4));
    eventually("a batch is in hand", isInHand::get);

    delete(topic);
    bench.onLoop(() -> publisher.kafkaTopics().ensure(List.of(topic)));
    send(topic, after);
    eventually(
        "there is more than before", () -> Kafka.records(settings, topic.name(), BAR).size() == 10);
    stored.complete();

    eventually("all of the new topic is read", () -> ear.events().containsAll(events(after)));
  }

  private <E extends Event> void send(Topic<E> topic, List<Told<E>> told) {
    bench.onLoop(() -> publisher.send(topic, told));
  }

  private void startKafka() {
    kafka = KafkaServer.start(directory, port, controllerPort);
  }

  /** As by a new disk. */
  private void wipe() throws IOException {
    ProcessHandle broker = ProcessHandle.of(kafka.pid()).orElseThrow();
    broker.destroyForcibly();
    broker.onExit().join();
    try (Stream<Path> files = Files.walk(directory.resolve("topics"))) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    startKafka();
  }

  private void delete(Topic<?> topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.kafkaBootstrap()))) {
      admin.deleteTopics(List.of(topic.name())).all().get();
    }
  }

  private void startOutbox() {
    database = bench.database("cinema/shared/events");
    outbox = new Outbox<>(bench.vertx(), database, publisher, Topic.ORDERS, Clock.systemUTC());
    bench.onLoop(
        () -> {
          outbox.start();
          return Future.succeededFuture();
        });
  }

  private EventReader together(Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return start(
        bench.onLoop(
            () ->
                Future.succeededFuture(
                    EventReader.together(
                        bench.vertx(), settings, List.of(Topic.ORDERS), publisher, apply))));
  }

  private EventReader start(EventReader reader) {
    readers.add(reader);
    bench.onLoop(
        () -> {
          reader.start();
          return Future.succeededFuture();
        });
    return reader;
  }

  private void tell(Told<OrderEvent> told) {
    bench.onLoop(
        () ->
            outbox.telling(
                (connection, events) -> {
                  events.add(told);
                  return Future.succeededFuture();
                }));
  }

  private static List<Told<MenuEvent>> described(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(
            version ->
                new Told<MenuEvent>(
                    new BarDescribed(BAR, version, Instant.now(), null), Trace.begin()))
        .toList();
  }

  private long unmarked() {
    String count =
        "SELECT count(*) FROM outbox WHERE coalesce(published_at, '-infinity') = '-infinity'";
    return Bench.await(database.execute(count)).iterator().next().getLong(0);
  }

  private static List<Event> since(List<Event> before, Ear ear) {
    List<Event> events = ear.events();
    return events.subList(before.size(), events.size());
  }

  private static List<Event> events(List<? extends Told<?>> told) {
    return told.stream().<Event>map(Told::event).toList();
  }
}
