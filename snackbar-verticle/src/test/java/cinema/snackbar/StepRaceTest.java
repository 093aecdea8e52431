package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.snackbar.OrderRequestStore.Moved;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A step that finds its order request in the hands of another. */
class StepRaceTest {
  private SnackbarBench bench;
  private SnackbarBench neighbour;
  private String barId;
  private UUID orderId;

  @BeforeEach
  void open() {
    bench = new SnackbarBench();
    neighbour = bench.neighbour();
    barId = bench.newBar();
    Told<OrderPlaced> order = order(barId, 1);
    orderId = order.event().orderId();
    await(bench.requests.takeIn(List.of(order), NOW));
  }

  @AfterEach
  void close() {
    neighbour.close();
    bench.close();
  }

  @Test
  void it_begins_where_the_other_has_left_off() {
    assertThat(rejectedWhileItBecomes("PREPARING"))
        .isEqualTo(new Moved(OrderStatus.REJECTED, true));
    assertThat(bench.standing(orderId)).isEqualTo("REJECTED 3");
  }

  @Test
  void it_is_refused_where_the_other_has_left_off() {
    assertThat(rejectedWhileItBecomes("CANCELLED"))
        .isEqualTo(new Moved(OrderStatus.CANCELLED, false));
    assertThat(bench.standing(orderId)).isEqualTo("CANCELLED 2");
  }

  private Moved rejectedWhileItBecomes(String status) {
    List<Future<Moved>> rejected = new ArrayList<>();
    await(
        bench.database.transaction(
            connection ->
                connection
                    .query("UPDATE order_request SET version = 2, status = '" + status + "'")
                    .execute()
                    .onSuccess(held -> rejected.add(neighbour.move(orderId, barId, Step.REJECT)))
                    .compose(held -> bench.vertx.executeBlocking(this::isWaitedFor))));
    return await(rejected.getFirst());
  }

  private Void isWaitedFor() {
    eventually(
        "the step waits", () -> !bench.rows("SELECT FROM pg_locks WHERE NOT granted").isEmpty());
    return null;
  }
}
