package cinema.shared.events;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.servers.SharedServers;
import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Gate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventReaderTest {
  private final String bar = Tale.unique("bar");
  private final Ear ear = new Ear(bar);
  private final Bench bench = Bench.withKafka(Tale.unique("reader"));
  private final List<EventReader> readers = new ArrayList<>();
  private EventPublisher publisher;

  @BeforeEach
  void open() {
    publisher =
        bench.onLoop(
            () -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
  }

  @AfterEach
  void close() {
    readers.forEach(this::stop);
    bench.onLoop(publisher::close);
    bench.close();
  }

  @Test
  void a_batch_is_applied_again_when_that_failed_in_passing() {
    AtomicInteger attempts = new AtomicInteger();
    List<Told<OrderEvent>> told = Tale.of(3, bar);
    send(told);
    read(
        batch ->
            !ear.of(batch).isEmpty() && attempts.incrementAndGet() < 3
                ? Future.failedFuture("no connection")
                : ear.apply(batch));
    eventually("all are applied", () -> ear.events().equals(events(told)));
    assertThat(dead()).isEmpty();
  }

  @Test
  void of_a_batch_only_the_event_that_the_database_refuses_is_set_aside() {
    Database database = bench.database("cinema/shared/events");
    List<Told<OrderEvent>> told = new ArrayList<>(Tale.of(5, bar));
    Told<OrderEvent> poison = Tale.of(bar, -1);
    told.add(3, poison);
    send(told);
    read(batch -> store(database, ear.of(batch)));

    eventually("the others are applied", () -> applied(database).size() == 5);
    told.remove(poison);
    assertThat(applied(database)).containsAll(orders(told));
    eventually("it is set aside", () -> !dead().isEmpty());
    assertThat(dead()).hasSize(1);
    ConsumerRecord<String, String> dead = dead().getFirst();
    assertThat(dead.value()).contains(poison.event().subject());
    assertThat(Kafka.headers(dead))
        .containsEntry("ce_id", poison.event().subject() + ":-1")
        .containsEntry("ce_traceparent", poison.trace().traceparent())
        .containsKeys("dead_partition", "dead_offset")
        .containsEntry("dead_service", bench.settings().service())
        .hasEntrySatisfying(
            "dead_reason", why -> assertThat(why).contains("applied_version_check"));
  }

  static Stream<Runnable> mistakes() {
    return Stream.of(
        () -> {
          throw new NullPointerException("stumbled");
        },
        () -> {
          throw new NoSuchElementException("stumbled");
        },
        () -> {
          throw new StackOverflowError("stumbled");
        });
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void an_event_over_which_its_reader_stumbles_is_set_aside(Runnable mistake) {
    List<Told<OrderEvent>> told = Tale.of(3, bar);
    send(told);
    read(
        batch -> {
          if (orders(ear.of(batch)).contains(order(told.get(1)))) {
            mistake.run();
          }
          return ear.apply(batch);
        });
    eventually(
        "the others are applied",
        () -> ear.events().equals(events(List.of(told.get(0), told.get(2)))));
    eventually("it is set aside", () -> !dead().isEmpty());
    assertThat(Kafka.headers(dead().getFirst())).containsEntry("dead_reason", "stumbled");
  }

  @Test
  void what_cannot_be_read_is_set_aside_and_what_is_behind_it_flows_on() {
    ProducerRecord<String, String> garbage = new ProducerRecord<>("orders", bar, "garbage");
    ProducerRecord<String, String> nameless = new ProducerRecord<>("orders", bar, "{}");
    nameless.headers().add("ce_type", null);
    List<Told<OrderEvent>> told = Tale.of(2, bar);
    send(told.subList(0, 1));
    bench.onLoop(() -> publisher.sendAll(List.of(garbage, nameless)));
    send(told.subList(1, 2));
    read(ear);
    eventually("the others are applied", () -> ear.events().equals(events(told)));
    eventually("both are set aside", () -> dead().size() == 2);
    assertThat(dead()).extracting(ConsumerRecord::value).containsExactly("garbage", "{}");
    assertThat(dead())
        .allSatisfy(
            each ->
                assertThat(Kafka.headers(each))
                    .hasEntrySatisfying("dead_reason", why -> assertThat(why).contains("ce_type")));
  }

  @Test
  void what_cannot_be_set_aside_yet_is_not_passed_over() {
    try (Gate gate = Gate.to(bench.vertx(), SharedServers.kafka().port())) {
      gate.cut();
      Settings away = bench.settings().with(Map.of("KAFKA_BOOTSTRAP", "127.0.0.1:" + gate.port()));
      EventPublisher deadLetters =
          bench.onLoop(
              () ->
                  Future.succeededFuture(
                      new EventPublisher(bench.vertx(), away, publisher.kafkaTopics())));
      Told<OrderEvent> poison = Tale.of(bar);
      Told<OrderEvent> behind = Tale.of(bar);
      AtomicBoolean alone = new AtomicBoolean();
      send(List.of(poison, behind));
      read(
          deadLetters,
          batch -> {
            if (orders(ear.of(batch)).contains(order(poison))) {
              alone.set(batch.size() == 1);
              throw new IllegalArgumentException("never");
            }
            return ear.apply(batch);
          });
      eventually("it is refused alone", alone::get);
      assertThatThrownBy(() -> bench.onLoop(() -> deadLetters.send(Topic.ORDERS, List.of(behind))))
          .isInstanceOf(TimeoutException.class);
      assertThat(ear.events()).isEmpty();
      gate.open();
      eventually("what is behind it flows on", () -> ear.events().equals(List.of(behind.event())));
      assertThat(dead()).hasSize(1);
      bench.onLoop(deadLetters::close);
    }
  }

  @Test
  void a_stop_finishes_the_batch_in_hand_and_the_next_reader_goes_on_behind_it() {
    Promise<Void> stored = Promise.promise();
    AtomicReference<EventReader> reader = new AtomicReference<>();
    AtomicReference<Future<Void>> stopping = new AtomicReference<>();
    List<Told<OrderEvent>> told = Tale.of(3, bar);
    reader.set(
        read(
            batch -> {
              if (!orders(ear.of(batch)).contains(order(told.get(1)))) {
                return ear.apply(batch);
              }
              // So soon after the batch before that it is for the stop to commit it.
              stopping.set(reader.get().stop());
              return stored.future().compose(done -> ear.apply(batch));
            }));
    send(told.subList(0, 1));
    eventually("a batch is applied", () -> ear.events().size() == 1);
    send(told.subList(1, 2));
    eventually("a batch is in hand", () -> stopping.get() != null);
    assertThat(stopping.get().isComplete()).isFalse();
    stored.complete();
    await(stopping.get());
    assertThat(ear.events()).isEqualTo(events(told.subList(0, 2)));

    send(told.subList(2, 3));
    Ear next = new Ear(bar);
    read(next);
    eventually("the next goes on", () -> !next.events().isEmpty());
    assertThat(next.events()).isEqualTo(events(told.subList(2, 3)));
  }

  @Test
  void a_reader_that_is_stopped_while_its_database_is_away_leaves_what_it_did_not_apply()
      throws Exception {
    try (Gate gate = Gate.to(bench.vertx(), SharedServers.postgres().port())) {
      Database database = behind(gate);
      AtomicInteger attempts = new AtomicInteger();
      Function<List<Told<? extends Event>>, Future<Void>> apply =
          batch -> {
            attempts.addAndGet(ear.of(batch).size());
            return store(database, ear.of(batch));
          };
      EventReader reader = read(apply);
      send(List.of(Tale.of(bar)));
      eventually("the first is applied", () -> applied(database).size() == 1);
      stop(reader);
      long committed = Kafka.committed(bench.settings(), Topic.ORDERS);

      gate.cut();
      attempts.set(0);
      EventReader second = read(apply);
      Told<OrderEvent> told = Tale.of(bar);
      send(List.of(told));
      eventually("it was tried", () -> attempts.get() > 1);
      stop(second);
      assertThat(Kafka.committed(bench.settings(), Topic.ORDERS)).isEqualTo(committed);

      gate.open();
      read(apply);
      eventually("it is applied", () -> applied(database).contains(order(told)));
      assertThat(Kafka.committed(bench.settings(), Topic.ORDERS)).isGreaterThanOrEqualTo(committed);
      assertThat(dead()).isEmpty();
    }
  }

  @Test
  void a_database_that_is_away_is_waited_for() {
    try (Gate gate = Gate.to(bench.vertx(), SharedServers.postgres().port())) {
      Database database = behind(gate);
      AtomicInteger attempts = new AtomicInteger();
      gate.cut();
      List<Told<OrderEvent>> told = Tale.of(3, bar);
      send(told);
      read(
          batch -> {
            attempts.addAndGet(ear.of(batch).size());
            return store(database, ear.of(batch));
          });
      eventually("it was tried", () -> attempts.get() > 3);
      gate.open();
      eventually("all are applied", () -> applied(database).containsAll(orders(told)));
      assertThat(dead()).isEmpty();
    }
  }

  @Test
  void the_processes_of_a_service_share_its_events_and_one_goes_on_for_another() {
    Ear[] ears = {new Ear(bar), new Ear(bar)};
    List<EventReader> both = Stream.of(ears).map(this::read).toList();
    eventually("both have their share", () -> both.stream().allMatch(EventReader::isAssigned));
    AtomicInteger heard = new AtomicInteger();
    List<Told<OrderEvent>> told = Tale.of(20, bar);
    send(told);
    eventually(
        "all are heard", () -> ears[0].events().size() + ears[1].events().size() >= told.size());
    // One bar's events have one key: they stay together and in order.
    int one = ears[0].events().isEmpty() ? 1 : 0;
    assertThat(ears[one].events()).isEqualTo(events(told));
    assertThat(ears[1 - one].events()).isEmpty();
    stop(both.get(one));
    List<Told<OrderEvent>> more = Tale.of(20, bar);
    send(more);
    eventually("the other goes on", () -> ears[1 - one].events().equals(events(more)));
  }

  @Test
  void a_whole_topic_is_read_from_its_beginning_at_every_start() {
    List<Told<MenuEvent>> told =
        Stream.of(1, 2)
            .map(
                version ->
                    new Told<MenuEvent>(
                        new BarDescribed(bar, version, Instant.now(), null), Trace.begin()))
            .toList();
    bench.onLoop(() -> publisher.send(Topic.MENUS, told));
    for (int start = 0; start < 2; start++) {
      Ear whole = new Ear(bar);
      AtomicInteger attempts = new AtomicInteger();
      List<Event> heardBefore = new CopyOnWriteArrayList<>();
      EventReader reader =
          whole(
              Topic.MENUS,
              batch ->
                  attempts.incrementAndGet() < 3
                      ? Future.failedFuture("no connection")
                      : whole.apply(batch));
      await(reader.caughtUp().onSuccess(done -> heardBefore.addAll(whole.events())));
      assertThat(heardBefore).containsExactly(told.get(0).event(), told.get(1).event());
      stop(reader);
    }
  }

  @Test
  void a_topic_without_events_is_caught_up_with_at_once() {
    // No test of this module tells of alarms.
    EventReader reader = whole(Topic.ALARMS, batch -> Future.failedFuture("there is nothing"));
    await(reader.caughtUp());
    assertThat(reader.isAssigned()).isTrue();
  }

  @Test
  void an_offset_of_another_topic_of_that_name_is_not_gone_on_with() throws Exception {
    List<Told<OrderEvent>> told = Tale.of(3, bar);
    send(told);
    Map<String, String> config = KafkaClients.consumer(bench.settings());
    config.put("group.id", bench.settings().service());
    KafkaConsumer<String, String> consumer = KafkaConsumer.create(bench.vertx(), config);
    Set<TopicPartition> all =
        IntStream.range(0, bench.settings().kafkaPartitions())
            .mapToObj(i -> new TopicPartition("orders", i))
            .collect(Collectors.toSet());
    await(consumer.assign(all));
    Map<TopicPartition, Long> ends = await(consumer.endOffsets(all));
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    ends.forEach((each, end) -> offsets.put(each, new OffsetAndMetadata(end, "another")));
    await(consumer.commit(offsets));
    await(consumer.close());

    EventReader reader = read(ear);
    eventually("all are applied", () -> ear.events().equals(events(told)));
    stop(reader);
    String id =
        bench.onLoop(() -> publisher.kafkaTopics().ids(List.of(Topic.ORDERS))).get("orders");
    assertThat(Kafka.committedMetadata(bench.settings(), Topic.ORDERS)).contains(id);
  }

  @Test
  void the_kafka_client_tells_what_is_committed() {
    // Under kafka-clients 4 this never completes, without a word.
    send(List.of(Tale.of(bar)));
    Map<String, String> config = KafkaClients.consumer(bench.settings());
    config.put("group.id", bench.settings().service());
    KafkaConsumer<String, String> consumer = KafkaConsumer.create(bench.vertx(), config);
    TopicPartition partition = new TopicPartition("orders", 0);
    await(consumer.assign(Set.of(partition)));
    assertThat(await(consumer.committed(partition))).isNull();
    await(consumer.commit(Map.of(partition, new OffsetAndMetadata(1, ""))));
    assertThat(await(consumer.committed(partition)).getOffset()).isOne();
    await(consumer.close());
  }

  private EventReader read(Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return read(publisher, apply);
  }

  private EventReader read(
      EventPublisher deadLetters, Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return started(
        () ->
            EventReader.together(
                bench.vertx(), bench.settings(), List.of(Topic.ORDERS), deadLetters, apply));
  }

  private EventReader whole(
      Topic<?> topic, Function<List<Told<? extends Event>>, Future<Void>> apply) {
    return started(
        () -> EventReader.whole(bench.vertx(), bench.settings(), topic, publisher, apply));
  }

  private EventReader started(Supplier<EventReader> make) {
    EventReader reader =
        bench.onLoop(
            () -> {
              EventReader made = make.get();
              made.start();
              return Future.succeededFuture(made);
            });
    readers.add(reader);
    return reader;
  }

  private void stop(EventReader reader) {
    bench.onLoop(reader::stop);
  }

  private void send(List<Told<OrderEvent>> told) {
    bench.onLoop(() -> publisher.send(Topic.ORDERS, told));
  }

  private Database behind(Gate gate) {
    String url = "postgresql://postgres@127.0.0.1:" + gate.port() + "/postgres";
    return await(
        Database.open(
            bench.vertx(),
            bench.settings().with(Map.of("POSTGRES_URL", url)),
            "cinema/shared/events"));
  }

  private static Future<Void> store(Database database, List<Told<? extends Event>> batch) {
    String insert = "INSERT INTO applied VALUES ($1, $2) ON CONFLICT DO NOTHING";
    return database.transaction(
        connection ->
            batch.isEmpty()
                ? Future.succeededFuture()
                : connection
                    .preparedQuery(insert)
                    .executeBatch(
                        batch.stream()
                            .map(told -> Tuple.of(order(told), told.event().version()))
                            .toList())
                    .mapEmpty());
  }

  private static List<UUID> applied(Database database) {
    List<UUID> applied = new ArrayList<>();
    await(database.client().query("SELECT order_id FROM applied").execute())
        .forEach(row -> applied.add(row.getUUID(0)));
    return applied;
  }

  private List<ConsumerRecord<String, String>> dead() {
    return Kafka.records(bench.settings(), Topic.ORDERS.dead(), bar);
  }

  private static UUID order(Told<?> told) {
    return UUID.fromString(told.event().subject());
  }

  private static List<UUID> orders(List<? extends Told<?>> told) {
    return told.stream().map(EventReaderTest::order).toList();
  }

  private static List<Event> events(List<Told<OrderEvent>> told) {
    return told.stream().<Event>map(Told::event).toList();
  }
}
