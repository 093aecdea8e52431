package cinema.shared.events;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import cinema.shared.service.Trace;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Meters;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(Meters.LOCK)
class DeadLettersTest {
  private static Meters meters;

  private final Bench bench = Bench.withKafka(Tale.unique("mourner"));
  private final String bar = Tale.unique("bar");
  private final Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
  private final AtomicInteger setAside = new AtomicInteger();
  private final AtomicBoolean mended = new AtomicBoolean();
  private final Ear ear = new Ear(bar);
  private final List<Supplier<Future<Void>>> stops = new ArrayList<>();
  private EventPublisher publisher;

  @BeforeAll
  static void keepMetrics() {
    meters = new Meters();
  }

  @AfterAll
  static void stopMetrics() {
    meters.close();
  }

  @BeforeEach
  void read() {
    publisher =
        bench.onLoop(
            () -> Future.succeededFuture(new EventPublisher(bench.vertx(), bench.settings())));
    DeadLetterReader reader =
        bench.onLoop(
            () ->
                Future.succeededFuture(
                    new DeadLetterReader(
                        bench.vertx(),
                        bench.settings(),
                        publisher,
                        batch -> {
                          batch.stream()
                              .filter(each -> each.service().equals(bench.settings().service()))
                              .forEach(ours -> setAside.incrementAndGet());
                          batch.stream().filter(this::isOurs).forEach(letters::add);
                          return Future.succeededFuture();
                        })));
    bench.onLoop(
        () -> {
          reader.start();
          return Future.succeededFuture();
        });
    stops.add(reader::stop);
  }

  @AfterEach
  void stop() {
    stops.forEach(bench::onLoop);
    bench.onLoop(publisher::close);
    bench.close();
  }

  @Test
  void what_cannot_be_applied_is_told_with_who_could_not_and_counted() {
    applies(Topic.ORDERS);
    Told<OrderEvent> poison = Tale.of(bar);
    assertThat(meters.scrape()).contains(counter("orders"));

    bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of(poison)));

    eventually("it is told", () -> letters.size() == 1);
    DeadLetter letter = letters.element();
    assertThat(letter.topic()).isEqualTo("orders");
    assertThat(letter.service()).isEqualTo(bench.settings().service());
    assertThat(letter.reason()).isEqualTo("broken");
    assertThat(letter.event()).isEqualTo(poison.event().subject() + ":1");
    assertThat(letter.redriven()).isFalse();
    eventually(
        "all are counted",
        () -> meters.scrape().contains(counter("orders") + " " + setAside.get() + ".0"));
  }

  @Test
  void redriven_it_comes_to_its_readers_as_it_was_and_never_twice() {
    applies(Topic.ORDERS);
    Told<OrderEvent> poison = Tale.of(bar);
    bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of(poison)));
    eventually("it is dead", () -> letters.size() == 1);
    mended.set(true);

    assertThat(redriven(Topic.ORDERS)).containsExactly(letters.element());

    eventually("it is applied", () -> ear.events().equals(List.of(poison.event())));
    assertThat(ear.first().trace().traceId()).isEqualTo(poison.trace().traceId());
    eventually("its note is told", () -> letters.size() == 2);
    DeadLetter note = List.copyOf(letters).getLast();
    assertThat(note.redriven()).isTrue();
    assertThat(note.offset()).isEqualTo(letters.element().offset());
    List<ConsumerRecord<String, String>> records = Kafka.records(bench.settings(), "orders", bar);
    assertThat(records).hasSize(2);
    assertThat(Kafka.headers(records.get(1))).isEqualTo(Kafka.headers(records.get(0)));
    assertThat(redriven(Topic.ORDERS)).isEmpty();
  }

  @Test
  void redriven_in_vain_it_dies_again() {
    applies(Topic.ORDERS);
    bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of(Tale.of(bar))));
    eventually("it is dead", () -> letters.size() == 1);

    assertThat(redriven(Topic.ORDERS)).hasSize(1);

    eventually(
        "it is dead again", () -> letters.stream().filter(each -> !each.redriven()).count() == 2);
    assertThat(redriven(Topic.ORDERS)).hasSize(1);
  }

  @Test
  void a_compacted_topic_does_not_get_its_old_records_back() {
    applies(Topic.MENUS);
    MenuEvent described = new BarDescribed(bar, 1, Instant.now(), null);
    bench.onLoop(() -> publisher.send(Topic.MENUS, List.of(new Told<>(described, Trace.begin()))));
    eventually("it is dead", () -> letters.size() == 1);

    assertThat(redriven(Topic.MENUS)).hasSize(1);

    assertThat(Kafka.records(bench.settings(), "menus", bar)).hasSize(1);
    eventually("it is seen to", () -> List.copyOf(letters).getLast().redriven());
  }

  @Test
  void what_does_not_say_where_it_comes_from_is_passed_over() {
    applies(Topic.ORDERS);
    bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of(Tale.of(bar))));
    eventually("it is dead", () -> letters.size() == 1);
    bench.onLoop(
        () -> publisher.sendAll(List.of(new ProducerRecord<>("orders.dead", bar, "stray"))));
    bench.onLoop(() -> publisher.send(Topic.ORDERS, List.of(Tale.of(bar))));

    eventually("the next is told", () -> letters.size() == 2);
    assertThat(redriven(Topic.ORDERS)).hasSize(2);
  }

  /** Not what another test has left on the topic that nobody can read. */
  private boolean isOurs(DeadLetter letter) {
    return letter.service().equals(bench.settings().service()) && letter.reason().equals("broken");
  }

  private String counter(String topic) {
    return "intermission_dead_letters_total{service=\""
        + bench.settings().service()
        + "\",topic=\""
        + topic
        + "\"}";
  }

  /** Applies nothing of this bar before it is mended. */
  private void applies(Topic<?> topic) {
    EventReader reader =
        bench.onLoop(
            () ->
                Future.succeededFuture(
                    EventReader.together(
                        bench.vertx(),
                        bench.settings(),
                        List.of(topic),
                        publisher,
                        batch -> {
                          if (!mended.get() && !ear.of(batch).isEmpty()) {
                            throw new IllegalStateException("broken");
                          }
                          return ear.apply(batch);
                        })));
    bench.onLoop(
        () -> {
          reader.start();
          return Future.succeededFuture();
        });
    stops.add(reader::stop);
    eventually("it reads", reader::isAssigned);
  }

  /** What a person would see redriven of ours; the module's other tests have dead letters too. */
  private List<DeadLetter> redriven(Topic<?> topic) {
    Settings person = Settings.of("redrive-" + bar, Map.of()).with(kafka());
    List<DeadLetter> told = new ArrayList<>();
    try (RedriveDeadLetters redrive = new RedriveDeadLetters(person)) {
      redrive.redrive(topic, told::add);
    }
    return told.stream().filter(this::isOurs).toList();
  }

  private Map<String, String> kafka() {
    return Map.of("KAFKA_BOOTSTRAP", bench.settings().kafkaBootstrap());
  }
}
