package cinema.shared.events;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.SharedServers;
import cinema.shared.contract.Event;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderForgotten;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequestRejected;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Trace;
import cinema.shared.testing.Gate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** How events are applied: in batches, all of them, by one process or another. */
class EventReaderTest extends ReaderBench {
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
  void what_a_service_does_not_care_for_is_passed_over_and_not_even_read() {
    List<Told<OrderEvent>> told = Tale.of(2, bar);
    started(
        () ->
            EventReader.together(
                    bench.vertx(), bench.settings(), List.of(Topic.ORDERS), publisher, ear)
                .without(Set.of(OrderForgotten.class)));
    bench.onLoop(
        () -> {
          var unreadable =
              new CloudEvents("order")
                  .write(
                      Topic.ORDERS,
                      new Told<OrderEvent>(
                          new OrderForgotten(order(told.get(0)), 3, Instant.now(), bar),
                          Trace.begin(),
                          "no JSON"));
          return publisher.sendAll(List.of(unreadable));
        });
    send(told);
    eventually("the others are applied", () -> ear.events().equals(events(told)));
    assertThat(dead()).isEmpty();
  }

  @Test
  void with_a_backlog_the_next_batch_is_read_while_one_is_stored_and_a_stop_finishes_both() {
    List<Told<OrderRequestEvent>> backlog =
        IntStream.range(0, 800)
            .<Told<OrderRequestEvent>>mapToObj(
                nth -> {
                  String reason = "sold out ".repeat(60);
                  var event =
                      new OrderRequestRejected(UUID.randomUUID(), 3, Instant.now(), bar, reason);
                  return new Told<>(event, Trace.begin());
                })
            .toList();
    // On a topic that no other test writes on: 1 kB each, of which the first poll brings half a
    // mebibyte at most, and the second this.
    var unreadable = new ProducerRecord<>(Topic.ORDER_REQUESTS.name(), bar, "no event");
    bench.onLoop(
        () ->
            publisher
                .send(Topic.ORDER_REQUESTS, backlog)
                .compose(sent -> publisher.sendAll(List.of(unreadable))));
    Promise<Void> stored = Promise.promise();
    AtomicInteger begun = new AtomicInteger();
    EventReader reader =
        started(
            () ->
                EventReader.together(
                    bench.vertx(),
                    bench.settings(),
                    List.of(Topic.ORDER_REQUESTS),
                    publisher,
                    batch ->
                        (begun.incrementAndGet() == 1
                                ? stored.future()
                                : bench.vertx().timer(200).<Void>mapEmpty())
                            .compose(done -> ear.apply(batch))));

    eventually(
        "what cannot be read is set aside meanwhile", () -> dead(Topic.ORDER_REQUESTS).size() == 1);
    assertThat(begun).hasValue(1);
    AtomicReference<Future<Void>> stopping = new AtomicReference<>();
    bench.onLoop(
        () -> {
          stopping.set(reader.stop());
          return bench.vertx().timer(100);
        });
    assertThat(stopping.get().isComplete()).isFalse();
    stored.complete();
    await(stopping.get());
    assertThat(ear.events()).isEqualTo(backlog.stream().map(Told::event).toList());
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
}
