package cinema.order;

import cinema.shared.contract.Cancel;
import cinema.shared.contract.Wire;
import cinema.shared.service.Metrics;
import cinema.shared.service.Trace;
import io.micrometer.core.instrument.Timer;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the bar over the event bus whether an order may be taken back, behind a circuit breaker.
 *
 * <p>What fails is silence only: no answer in time, nobody who listens, or a bar that says that it
 * cannot tell. A refusal is an answer. An answer of any kind clears the breaker's window
 * (vertx-circuit-breaker #53), so that it opens when the whole bar is silent and not when one of
 * its processes is: while another one answers, every second wish gets its answer at once.
 */
final class AskBar {
  private static final Logger LOG = LoggerFactory.getLogger(AskBar.class);

  private final Vertx vertx;
  private final OrderSettings settings;
  private final LongSupplier nanoTime;
  private final CircuitBreaker breaker;
  private final Timer silence;
  private final Timer notAsked;
  private final Map<Cancel.Outcome, Timer> answers = new EnumMap<>(Cancel.Outcome.class);
  private boolean silent;

  /**
   * @param nanoTime for how long answers took, as {@link System#nanoTime()}
   */
  AskBar(Vertx vertx, OrderSettings settings, Metrics metrics, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.breaker =
        CircuitBreaker.create(
                "cancel",
                vertx,
                new CircuitBreakerOptions()
                    .setMaxFailures(settings.breakerFailures())
                    .setFailuresRollingWindow(settings.breakerWindow().toMillis())
                    .setTimeout(settings.breakerTimeout().toMillis())
                    .setResetTimeout(settings.breakerReset().toMillis()))
            .openHandler(opened -> silent())
            .closeHandler(closed -> answering());
    this.silence = timer(metrics, "silence");
    this.notAsked = timer(metrics, "not asked");
    for (Cancel.Outcome outcome : Cancel.Outcome.values()) {
      String words = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      answers.put(outcome, timer(metrics, words));
    }
    metrics.gauge(
        "intermission.cancel.breaker.open",
        "0 closed, 0.5 half open, 1 open: cancels are stored and asked later",
        () -> openness(breaker));
  }

  /** Asks; fails when there is no answer, and at once while the breaker is open. */
  Future<Cancel.Reply> ask(UUID orderId, String barId, Trace trace) {
    Cancel.Request request =
        new Cancel.Request(orderId, barId, trace.traceparent(), trace.correlationId());
    long began = nanoTime.getAsLong();
    return breaker
        .execute(() -> request(request))
        .onSuccess(reply -> took(answers.get(reply.outcome()), began))
        .onFailure(why -> took(why instanceof OpenCircuitException ? notAsked : silence, began));
  }

  private Future<Cancel.Reply> request(Cancel.Request request) {
    DeliveryOptions options =
        new DeliveryOptions().setSendTimeout(settings.cancelTimeout().toMillis());
    return vertx
        .eventBus()
        .<String>request(Cancel.ADDRESS, Wire.encode(request), options)
        .map(message -> Wire.decode(message.body(), Cancel.Reply.class));
  }

  /** How many of these may be asked now: none while it is open, one to try whether it answers. */
  int mayAsk(int wishes) {
    return switch (breaker.state()) {
      case CLOSED -> wishes;
      case HALF_OPEN -> 1;
      case OPEN -> 0;
    };
  }

  /** For operators and the health detail: where the breaker stands, and of how many silences. */
  JsonObject detail() {
    return new JsonObject()
        .put("breaker", breaker.state().name())
        .put("silences", breaker.failureCount());
  }

  void close() {
    breaker.close();
  }

  /** A try that was not answered opens the breaker once more, which is no news. */
  private void silent() {
    if (!silent) {
      silent = true;
      LOG.warn("the bar is silent: cancels are stored and asked later");
    }
  }

  private void answering() {
    silent = false;
    LOG.info("the bar answers cancels again");
  }

  private void took(Timer timer, long began) {
    timer.record(nanoTime.getAsLong() - began, TimeUnit.NANOSECONDS);
  }

  private static Timer timer(Metrics metrics, String outcome) {
    return metrics.timer(
        "intermission.cancel.asked",
        "What came of asking the bar whether an order may be taken back",
        "outcome",
        outcome);
  }

  private static double openness(CircuitBreaker breaker) {
    return switch (breaker.state()) {
      case CLOSED -> 0;
      case HALF_OPEN -> 0.5;
      case OPEN -> 1;
    };
  }
}
