package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.service.Metrics;
import cinema.shared.service.Settings;
import cinema.shared.service.Tracing;
import cinema.shared.service.Tracing.Work;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends events to Kafka and knows whether that works at the moment. */
public final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

  private final Vertx vertx;
  private final Settings settings;
  private final KafkaTopics kafkaTopics;
  private final CloudEvents cloudEvents;
  private final KafkaProducer<String, String> producer;
  private boolean works = true;

  /** By topic. All who send wait for the same, so that what is told later is not sent sooner. */
  private final Map<String, Future<Void>> made = new HashMap<>();

  public EventPublisher(Vertx vertx, Settings settings) {
    this(vertx, settings, new KafkaTopics(vertx, settings));
  }

  EventPublisher(Vertx vertx, Settings settings, KafkaTopics kafkaTopics) {
    this.vertx = vertx;
    this.settings = settings;
    this.kafkaTopics = kafkaTopics;
    this.cloudEvents = new CloudEvents(settings.service());
    this.producer = KafkaProducer.create(vertx, KafkaClients.producer(settings));
    // Each send's own future says so; without a handler Vert.x would log it as unhandled.
    this.producer.exceptionHandler(failure -> {});
  }

  /** Whether the last events sent were taken. */
  public boolean works() {
    return works;
  }

  /** Where the figures of the service go whose events these are. */
  Metrics metrics() {
    return Metrics.of(settings);
  }

  /** What this process's Kafka says about topics. */
  KafkaTopics kafkaTopics() {
    return kafkaTopics;
  }

  /**
   * Completes when Kafka has taken every one of these events; fails when it has not taken some,
   * after three seconds at most.
   */
  public <E extends Event> Future<Void> send(Topic<E> topic, List<Told<E>> events) {
    Tracing tracing = Tracing.of(vertx);
    List<Tracing.Station> spans = new ArrayList<>();
    List<ProducerRecord<String, String>> records = new ArrayList<>(events.size());
    for (Told<E> told : events) {
      if (tracing.isOn()) {
        spans.add(begin(tracing, topic, told, events.size()));
        records.add(cloudEvents.write(topic, told.within(spans.getLast())));
      } else {
        records.add(cloudEvents.write(topic, told));
      }
    }
    return madeTopics(topic)
        .compose(made -> sendAll(records))
        .onComplete(sent -> spans.forEach(span -> span.end(sent.cause())))
        .onSuccess(sent -> recovered())
        .onFailure(failure -> failed(topic, failure));
  }

  private static Tracing.Station begin(
      Tracing tracing, Topic<?> topic, Told<?> told, int together) {
    return tracing
        .begin(Work.PUBLISH, "publish " + topic.name(), told.trace())
        .say("messaging.system", "kafka")
        .say("messaging.operation.type", "send")
        .say("messaging.destination.name", topic.name())
        .say("messaging.batch.message_count", together)
        .say("cloudevents.event_type", told.event().type())
        .say("cloudevents.event_subject", told.event().subject());
  }

  /** Sends records as they are, for dead letters. */
  Future<Void> sendAll(List<ProducerRecord<String, String>> records) {
    Promise<Void> all = Promise.promise();
    Producer<String, String> kafka = producer.unwrap();
    // One hop off the event loop for all, in their order: send() may block for metadata or for
    // buffer space, and hundreds of records take milliseconds that others wait for.
    return vertx
        .executeBlocking(
            () -> {
              AtomicInteger left = new AtomicInteger(records.size());
              for (ProducerRecord<String, String> each : records) {
                kafka.send(
                    each,
                    (metadata, failure) -> {
                      if (failure != null) {
                        all.tryFail(failure);
                      } else if (left.decrementAndGet() == 0) {
                        all.tryComplete();
                      }
                    });
                if (all.future().failed()) {
                  break;
                }
              }
              return null;
            })
        .compose(handedOver -> records.isEmpty() ? Future.succeededFuture() : all.future());
  }

  private Future<Void> madeTopics(Topic<?> topic) {
    return made.compute(
        topic.name(),
        (name, known) ->
            known == null || known.failed() ? kafkaTopics.ensure(List.of(topic)) : known);
  }

  private void recovered() {
    if (!works) {
      LOG.info("Kafka takes {}'s events again", settings.service());
    }
    works = true;
  }

  private void failed(Topic<?> topic, Throwable failure) {
    if (works) {
      LOG.warn(
          "Kafka does not take events for {}; they stay in the outbox: {}",
          topic.name(),
          failure.toString());
    }
    works = false;
    // Kafka may have lost its topics with its data.
    made.clear();
  }

  public Future<Void> close() {
    return Future.join(producer.close(2000), kafkaTopics.close()).mapEmpty();
  }
}
