package cinema.snackbar;

import cinema.shared.contract.Cancel;
import cinema.shared.contract.Wire;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers whether an order may still be taken back; the answer is final when it is yes. */
final class AnswerCancel {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerCancel.class);

  private final OrderRequestStore store;
  private final Clock clock;
  private MessageConsumer<String> consumer;

  AnswerCancel(OrderRequestStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Completes when the whole cluster knows that this process answers. */
  Future<Void> start(Vertx vertx) {
    consumer = vertx.eventBus().consumer(Cancel.ADDRESS, this::answer);
    return consumer.completion();
  }

  Future<Void> stop() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private void answer(Message<String> message) {
    try {
      Cancel.Request request = Wire.decode(message.body(), Cancel.Request.class);
      store
          .cancel(
              request.orderId(),
              request.barId(),
              clock.instant(),
              Trace.of(request.traceparent(), request.correlationId()))
          .onSuccess(reply -> message.reply(Wire.encode(reply)))
          .onFailure(failure -> fail(message, failure));
    } catch (RuntimeException e) {
      // A body of another kind, or none: whatever it is, the asker must not wait for nothing.
      fail(message, e);
    }
  }

  /** Not an answer: the asker keeps the wish and asks again. */
  private static void fail(Message<String> message, Throwable failure) {
    LOG.warn("a cancel could not be answered: {}", failure.toString());
    message.fail(500, String.valueOf(failure.getMessage()));
  }
}
