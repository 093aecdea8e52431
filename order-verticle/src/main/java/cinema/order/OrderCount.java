package cinema.order;

import cinema.shared.service.Answer;
import cinema.shared.service.Database;
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What becomes of the orders that customers send, and how long it takes to accept one. */
final class OrderCount {
  /** What an order came to; few, and the same for ever, for they are labels of a metric. */
  enum Outcome {
    ACCEPTED,
    SOLD_OUT,
    INVALID,
    KEY_IN_FLIGHT,
    KEY_REUSED,
    TOO_MANY,
    NOT_ALLOWED,
    UNAVAILABLE,
    UNKNOWN,
    FAILED
  }

  private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
  private final Timer acceptance;
  private final LongSupplier nanoTime;

  OrderCount(Metrics metrics, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.acceptance =
        metrics.timer("intermission.order.acceptance", "From reading an order to having it stored");
    for (Outcome outcome : Outcome.values()) {
      String words = outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
      outcomes.put(
          outcome,
          metrics.counter("intermission.orders", "Orders that were sent", "outcome", words));
    }
  }

  /** Counts those who are turned away before anybody has looked at their order. */
  void begin(RoutingContext context) {
    context.addEndHandler(
        ended -> {
          Outcome outcome = outcome(context.failure());
          if (outcome == Outcome.TOO_MANY || outcome == Outcome.NOT_ALLOWED) {
            outcomes.get(outcome).increment();
          }
        });
    context.next();
  }

  /** The same, and what comes of it is counted, whether or not anybody still waits for it. */
  Function<RoutingContext, Future<Answer>> counting(
      Function<RoutingContext, Future<Answer>> place) {
    return context -> {
      long began = nanoTime.getAsLong();
      return begun(place, context)
          .onSuccess(
              accepted -> {
                acceptance.record(nanoTime.getAsLong() - began, TimeUnit.NANOSECONDS);
                outcomes.get(Outcome.ACCEPTED).increment();
              })
          .onFailure(failure -> outcomes.get(outcome(failure)).increment());
    };
  }

  private static Future<Answer> begun(
      Function<RoutingContext, Future<Answer>> place, RoutingContext context) {
    try {
      return place.apply(context);
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private static Outcome outcome(Throwable failure) {
    if (!(failure instanceof Problem.Thrown thrown)) {
      return failure != null && Database.mayPass(failure) ? Outcome.UNAVAILABLE : Outcome.FAILED;
    }
    Problem problem = thrown.problem();
    return switch (problem.type()) {
      case "/problems/sold-out" -> Outcome.SOLD_OUT;
      case "/problems/in-flight" -> Outcome.KEY_IN_FLIGHT;
      case "/problems/key-reused" -> Outcome.KEY_REUSED;
      case "/problems/too-many" -> Outcome.TOO_MANY;
      case "/problems/unauthorized", "/problems/forbidden" -> Outcome.NOT_ALLOWED;
      case "/problems/unavailable" -> Outcome.UNAVAILABLE;
      case "/problems/unknown" -> Outcome.UNKNOWN;
      default -> problem.status() < 500 ? Outcome.INVALID : Outcome.FAILED;
    };
  }
}
