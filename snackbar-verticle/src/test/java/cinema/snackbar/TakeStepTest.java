package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.TRACE;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.shared.service.Metrics;
import cinema.snackbar.OrderRequestStore.Moved;
import cinema.snackbar.OrderRequestStore.Wanted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TakeStepTest {
  private final SnackbarBench bench = new SnackbarBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void what_comes_while_a_step_is_written_is_written_together() {
    String barId = bench.newBar();
    List<Told<OrderPlaced>> orders = Stream.generate(() -> order(barId, 1)).limit(40).toList();
    await(bench.requests.takeIn(orders, NOW));
    TakeStep takeStep = new TakeStep(bench.requests, Metrics.of(bench.settings), Clock.systemUTC());
    Promise<List<Moved>> taken = Promise.promise();

    bench.vertx.runOnContext(
        now ->
            Future.all(
                    orders.stream()
                        .map(told -> told.event().orderId())
                        .map(id -> takeStep.take(new Wanted(id, barId, Step.START, null, TRACE)))
                        .toList())
                .map(all -> all.<Moved>list())
                .onComplete(taken));

    assertThat(await(taken.future()))
        .hasSize(40)
        .containsOnly(new Moved(OrderStatus.PREPARING, true));
    // Of the orders, of the step that came first, and of all the others.
    assertThat(bench.rows("SELECT FROM outbox WHERE topic = 'order-requests'")).hasSize(3);
  }
}
