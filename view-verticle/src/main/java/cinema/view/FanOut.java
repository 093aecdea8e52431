package cinema.view;

import cinema.shared.contract.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * Carries news from the replica that stored it to the sockets of all replicas, by the event bus.
 */
final class FanOut {
  private static final String ADDRESS = "view.news";

  private final Vertx vertx;

  FanOut(Vertx vertx) {
    this.vertx = vertx;
  }

  void send(News news) {
    vertx.eventBus().publish(ADDRESS, Wire.encode(news));
  }

  /** Completes when the cluster knows that news is to come here too. */
  Future<MessageConsumer<String>> receive(Consumer<News> receiver) {
    MessageConsumer<String> consumer =
        vertx
            .eventBus()
            .consumer(ADDRESS, message -> receiver.accept(Wire.decode(message.body(), News.class)));
    return consumer.completion().map(consumer);
  }
}
