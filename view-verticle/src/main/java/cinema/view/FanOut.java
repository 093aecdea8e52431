package cinema.view;

import cinema.shared.contract.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Carries news from the replica that stored it to the sockets of all replicas, by the event bus.
 */
final class FanOut {
  private static final String ADDRESS = "view.feeds";

  private final Vertx vertx;
  private final Codec codec = new Codec();

  FanOut(Vertx vertx) {
    this.vertx = vertx;
    // Known already where one Vert.x has carried a view before.
    vertx.eventBus().unregisterCodec(codec.name()).registerCodec(codec);
  }

  void send(News news) {
    vertx.eventBus().publish(ADDRESS, news, new DeliveryOptions().setCodecName(codec.name()));
  }

  /** Completes when the cluster knows that news is to come here too. */
  Future<MessageConsumer<News>> receive(Consumer<News> receiver) {
    MessageConsumer<News> consumer =
        vertx.eventBus().consumer(ADDRESS, message -> receiver.accept(message.body()));
    return consumer.completion().map(consumer);
  }

  /** JSON between processes; within one the news itself, which nobody changes. */
  private static final class Codec implements MessageCodec<News, News> {
    @Override
    public void encodeToWire(Buffer buffer, News news) {
      byte[] json = Wire.encode(news).getBytes(StandardCharsets.UTF_8);
      buffer.appendInt(json.length).appendBytes(json);
    }

    @Override
    public News decodeFromWire(int position, Buffer buffer) {
      int from = position + Integer.BYTES;
      String json = buffer.getString(from, from + buffer.getInt(position));
      return Wire.decode(json, News.class);
    }

    @Override
    public News transform(News news) {
      return news;
    }

    @Override
    public String name() {
      return ADDRESS;
    }

    /** Negative: one of our own (by Vert.x). */
    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
