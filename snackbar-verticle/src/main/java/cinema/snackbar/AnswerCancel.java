package cinema.snackbar;

import cinema.shared.contract.Cancel;
import cinema.shared.contract.Wire;
import cinema.shared.service.Addresses;
import cinema.shared.service.Batcher;
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import cinema.shared.service.Trace;
import cinema.shared.service.Tracing;
import cinema.snackbar.OrderRequestStore.Wish;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whether an order may still be taken back; the answer is final when it is yes. Before a
 * film many change their minds at once: what comes while others are answered is answered together.
 */
final class AnswerCancel {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerCancel.class);

  /** More than are answered before those who ask have stopped waiting. */
  private static final int MOST_WAITING = 1024;

  private final Batcher<Wish, Cancel.Reply> batcher;
  private Addresses addresses;
  private MessageConsumer<String> consumer;

  AnswerCancel(OrderRequestStore store, Metrics metrics, Clock clock) {
    this.batcher =
        Batcher.intoDatabase(
            "cancels", MOST_WAITING, metrics, wishes -> store.cancel(wishes, clock.instant()));
  }

  /** Completes when the whole cluster knows that this process answers. */
  Future<Void> start(Vertx vertx) {
    addresses = new Addresses(vertx);
    consumer = vertx.eventBus().consumer(Cancel.ADDRESS, this::answer);
    return consumer.completion();
  }

  /** Lets others be asked from now on; what is on its way here is still answered. */
  void drain() {
    addresses.leave(Cancel.ADDRESS);
  }

  Future<Void> stop() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private void answer(Message<String> message) {
    try {
      Cancel.Request request = Wire.decode(message.body(), Cancel.Request.class);
      Wish wish = new Wish(request.orderId(), request.barId(), traceOf(request));
      batcher
          .add(wish)
          .onSuccess(reply -> message.reply(Wire.encode(reply)))
          .onFailure(failure -> fail(message, wish, failure));
    } catch (RuntimeException e) {
      // A body of another kind, or none: whatever it is, the asker must not wait for nothing.
      LOG.warn("a cancel could not be read: {}", e.toString());
      message.fail(500, String.valueOf(e.getMessage()));
    }
  }

  /** Of the message, or of whoever has sent it. */
  private static Trace traceOf(Cancel.Request request) {
    Trace asked = Trace.from(request.traceparent(), request.correlationId());
    return Tracing.here().current(asked);
  }

  /** Not an answer: the asker keeps the wish and asks again. */
  private static void fail(Message<String> message, Wish wish, Throwable failure) {
    if (!(failure instanceof Problem.Thrown)) {
      LOG.atWarn()
          .addKeyValue("trace", wish.trace().traceId())
          .addKeyValue("order", wish.orderId())
          .log("a cancel could not be answered: {}", failure.toString());
    }
    message.fail(500, String.valueOf(failure.getMessage()));
  }
}
