package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.newBar;
import static cinema.shared.testing.Bench.await;

import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.service.Ids;
import cinema.shared.service.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** A bar on the event bus that answers as a test says, and whoever asks it. */
abstract class CancelBench extends OrderTest {
  /** Nothing runs out by itself: what a test lets run out it says. */
  static final Map<String, String> PATIENT =
      Map.of(
          "CANCEL_TIMEOUT_MS", "20000",
          "BREAKER_TIMEOUT_MS", "25000",
          "BREAKER_WINDOW_MS", "60000",
          "BREAKER_RESET_MS", "60000",
          "BREAKER_FAILURES", "3",
          "CANCEL_RETRY_MS", "60000");

  final String barId = newBar();
  final UUID customerId = UUID.randomUUID();
  final Queue<Cancel.Request> asked = new ConcurrentLinkedQueue<>();
  MessageConsumer<String> bar;
  final MeterRegistry metrics = new SimpleMeterRegistry();
  AskBar askBar;
  CancelOrder cancelOrder;
  SettleCancels settleCancels;

  CancelBench() {
    with(Map.of());
  }

  @AfterEach
  void stop() {
    barGoesAway();
    settleCancels.stop();
    askBar.close();
    bench.rows("UPDATE customer_order SET cancel_due = NULL");
  }

  void with(Map<String, String> changes) {
    Map<String, String> environment = new HashMap<>(PATIENT);
    environment.putAll(changes);
    OrderSettings settings = OrderSettings.of(bench.settings.with(environment));
    Clock clock = Clock.systemUTC();
    askBar = new AskBar(bench.vertx, settings, new Metrics(metrics, "order"), System::nanoTime);
    cancelOrder =
        new CancelOrder(
            bench.store, bench.cancelling, askBar, new Metrics(metrics, "order"), clock);
    settleCancels =
        new SettleCancels(bench.vertx, bench.cancelling, cancelOrder, askBar, settings, clock);
  }

  void settleCancels() {
    bench.onLoop(
        () -> {
          settleCancels.start();
          return Future.succeededFuture();
        });
  }

  Cancellation cancel(UUID orderId) {
    return await(cancel(orderId, customerId));
  }

  Future<Cancellation> cancel(UUID orderId, UUID whoever) {
    return bench.onLoop(() -> cancelOrder.cancel(orderId, whoever, TRACE));
  }

  boolean standsAt(String state) {
    return askBar.detail().getString("breaker").equals(state);
  }

  long counted(String outcome) {
    return metrics.get("intermission.cancel.asked").tag("outcome", outcome).timer().count();
  }

  UUID placed() {
    Asked one = asked(barId, customerId, null, null);
    await(bench.placing.place(Ids.next(), List.of(one)));
    return one.placed().orderId();
  }

  OrderStatus status(UUID orderId) {
    return await(bench.store.find(orderId, customerId)).status();
  }

  void barAnswers(Cancel.Outcome outcome, OrderStatus status, int version) {
    barDoes(message -> message.reply(Wire.encode(new Cancel.Reply(outcome, status, version))));
  }

  void barDoes(Consumer<Message<String>> what) {
    barGoesAway();
    bar =
        bench
            .vertx
            .eventBus()
            .consumer(
                Cancel.ADDRESS,
                message -> {
                  asked.add(Wire.decode(message.body(), Cancel.Request.class));
                  what.accept(message);
                });
    await(bar.completion());
  }

  void barGoesAway() {
    if (bar != null) {
      await(bar.unregister());
      bar = null;
    }
  }
}
