package cinema.order;

import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.Topic;
import cinema.shared.events.EventPublisher;
import cinema.shared.events.Told;
import cinema.shared.service.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces orders again until their bar has confirmed them: whatever was lost on the way, a
 * promise given to a customer reaches the bar.
 */
final class ReannounceOrders {
  private static final Logger LOG = LoggerFactory.getLogger(ReannounceOrders.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /**
   * In one round, and so in a second: a bar that is only slow must not be buried under what it has
   * before it anyway (decision 0011).
   */
  private static final int MOST_TOGETHER = 500;

  private final AnnouncementStore store;
  private final EventPublisher publisher;
  private final OrderSettings settings;
  private final Clock clock;
  private final Rounds rounds;

  ReannounceOrders(
      Vertx vertx,
      AnnouncementStore store,
      EventPublisher publisher,
      OrderSettings settings,
      Clock clock) {
    this.store = store;
    this.publisher = publisher;
    this.settings = settings;
    this.clock = clock;
    this.rounds = new Rounds(vertx, EVERY, this::claimAndSend);
  }

  void start() {
    rounds.start();
  }

  void stop() {
    rounds.stop();
  }

  /** One round; completes when it is over. Does nothing while another is at it. */
  Future<Void> announce() {
    return rounds.now();
  }

  private Future<Void> claimAndSend() {
    return claim()
        .compose(this::send)
        .onFailure(failure -> LOG.debug("orders not announced again: {}", failure.toString()));
  }

  /** While Kafka does not work one order finds out whether it does again. */
  private Future<List<Told<OrderEvent>>> claim() {
    return store.claim(
        clock.instant(), settings.reannounce(), publisher.works() ? MOST_TOGETHER : 1);
  }

  private Future<Void> send(List<Told<OrderEvent>> orders) {
    // Not through the outbox: should this get lost too, another round repeats it.
    return orders.isEmpty()
        ? Future.succeededFuture()
        : publisher
            .send(Topic.ORDERS, orders)
            .onSuccess(
                sent -> LOG.info("{} orders announced again, not confirmed yet", orders.size()));
  }
}
