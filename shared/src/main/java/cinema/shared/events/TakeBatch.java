package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import cinema.shared.service.Settings;
import cinema.shared.service.Tracing;
import cinema.shared.service.Tracing.Work;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what one poll has brought: applies it in one transaction, waits for a database that is
 * away, and sets aside on {@code <topic>.dead} what cannot be read or applied.
 */
final class TakeBatch {
  private static final Logger LOG = LoggerFactory.getLogger(TakeBatch.class);
  private static final int LONGEST_PAUSE_MILLIS = 1000;

  private record Read(
      ConsumerRecord<String, String> kafkaRecord,
      Told<? extends Event> told,
      Tracing.Station span) {}

  private final Vertx vertx;
  private final String service;
  private final List<Topic<?>> topics;
  private final EventPublisher deadLetters;
  private final DeadLetters dead;
  private final Function<List<Told<? extends Event>>, Future<Void>> apply;
  private Set<String> passedOver = Set.of();
  private boolean stopped;

  TakeBatch(
      Vertx vertx,
      Settings settings,
      List<Topic<?>> topics,
      EventPublisher deadLetters,
      Function<List<Told<? extends Event>>, Future<Void>> apply) {
    this.vertx = vertx;
    this.service = settings.service();
    this.topics = topics;
    this.deadLetters = deadLetters;
    this.dead = new DeadLetters(settings, topics);
    this.apply = apply;
  }

  /** From now on these are not even read. */
  void passOver(Set<Class<? extends Event>> types) {
    passedOver = types.stream().map(Class::getSimpleName).collect(Collectors.toSet());
  }

  /** What is not applied by now fails instead of being waited for. */
  void stop() {
    stopped = true;
  }

  /**
   * Completes when every record is applied or set aside.
   *
   * @param before what must be done before anything of this is applied; it is read meanwhile
   */
  Future<Void> take(List<ConsumerRecord<String, String>> polled, Future<Void> before) {
    List<Read> batch = new ArrayList<>();
    List<ProducerRecord<String, String>> unreadable = new ArrayList<>();
    for (ConsumerRecord<String, String> each : polled) {
      String type = CloudEvents.type(each);
      if (type != null && passedOver.contains(type)) {
        continue;
      }
      try {
        batch.add(begin(each, CloudEvents.read(topics, type, each), polled.size()));
      } catch (RuntimeException e) {
        unreadable.add(dead.add(each, e));
      }
    }
    return untilDone(() -> setAside(unreadable), failure -> true, 0)
        .compose(done -> before)
        .compose(done -> batch.isEmpty() ? Future.succeededFuture() : applied(batch));
  }

  /** What comes of an event belongs to the span of its being applied. */
  private Read begin(ConsumerRecord<String, String> each, Told<?> told, int together) {
    Tracing tracing = Tracing.of(vertx);
    if (!tracing.isOn()) {
      return new Read(each, told, Tracing.Station.NONE);
    }
    Tracing.Station span =
        tracing
            .begin(Work.PROCESS, "process " + each.topic(), told.trace())
            .say("messaging.system", "kafka")
            .say("messaging.operation.type", "process")
            .say("messaging.destination.name", each.topic())
            .say("messaging.consumer.group.name", service)
            .say("messaging.batch.message_count", together)
            .say("cloudevents.event_type", told.event().type())
            .say("cloudevents.event_subject", told.event().subject());
    return new Read(each, told.within(span), span);
  }

  /** Applies the batch whole, or in halves to find the one event that cannot be applied. */
  private Future<Void> applied(List<Read> batch) {
    return untilDone(() -> attempt(batch), TakeBatch::passing, 0)
        .onSuccess(applied -> batch.forEach(each -> each.span.end(null)))
        .recover(
            failure -> {
              if (stopped) {
                return Future.failedFuture(failure);
              }
              if (batch.size() == 1) {
                batch.getFirst().span.end(failure);
                var letter = List.of(dead.add(batch.getFirst().kafkaRecord, failure));
                return untilDone(() -> setAside(letter), any -> true, 0);
              }
              int half = batch.size() / 2;
              return applied(batch.subList(0, half))
                  .compose(done -> applied(batch.subList(half, batch.size())));
            });
  }

  /** Tries again while that may help and nobody stops us: to go on would be to lose the batch. */
  private Future<Void> untilDone(
      Supplier<Future<Void>> work, Predicate<Throwable> mayHelp, int attempt) {
    return work.get()
        .recover(
            failure ->
                stopped || !mayHelp.test(failure)
                    ? Future.failedFuture(failure)
                    : pausedBefore(attempt, failure)
                        .compose(paused -> untilDone(work, mayHelp, attempt + 1)));
  }

  private Future<Void> attempt(List<Read> batch) {
    try {
      return apply.apply(batch.stream().<Told<? extends Event>>map(Read::told).toList());
    } catch (RuntimeException | Error e) {
      return Future.failedFuture(e);
    }
  }

  /** Whether trying again may help: the data was not refused and no programming error was met. */
  private static boolean passing(Throwable failure) {
    String thrownBy = failure.getClass().getPackageName();
    boolean mistake =
        failure instanceof Error
            ? !(failure instanceof OutOfMemoryError)
            : failure instanceof RuntimeException
                && thrownBy.startsWith("java.")
                && !thrownBy.startsWith("java.io")
                && !thrownBy.startsWith("java.util.concurrent");
    return !Database.refusesData(failure) && !mistake;
  }

  private Future<Void> pausedBefore(int attempt, Throwable failure) {
    if (attempt == 0) {
      LOG.warn("{} waits with {}: {}", service, names(), failure.toString());
    }
    Promise<Void> pause = Promise.promise();
    int millis = Math.min(LONGEST_PAUSE_MILLIS, 50 << Math.min(attempt, 5));
    vertx.setTimer(millis, timer -> pause.complete());
    return pause.future();
  }

  private Future<Void> setAside(List<ProducerRecord<String, String>> letters) {
    return letters.isEmpty() ? Future.succeededFuture() : deadLetters.sendAll(letters);
  }

  private List<String> names() {
    return topics.stream().map(Topic::name).toList();
  }
}
