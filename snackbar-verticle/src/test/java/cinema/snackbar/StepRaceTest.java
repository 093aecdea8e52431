package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.TRACE;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.snackbar.OrderRequestStore.Moved;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens between a step that found nothing to change and the question where it stands. */
class StepRaceTest {
  private SnackbarBench bench;
  private SnackbarBench neighbour;

  @BeforeEach
  void open() {
    bench = new SnackbarBench();
    neighbour = bench.neighbour();
    bench.rows(
        """
        CREATE FUNCTION wait_after_step() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          -- Not for an order that is taken in, which is an INSERT that may update.
          IF current_query() LIKE 'UPDATE%' THEN PERFORM pg_advisory_xact_lock_shared(4711); END IF;
          RETURN NULL;
        END $$
        """);
    bench.rows(
        """
        CREATE TRIGGER wait_after_step AFTER UPDATE ON order_request
          FOR EACH STATEMENT EXECUTE FUNCTION wait_after_step()
        """);
  }

  @AfterEach
  void close() {
    neighbour.close();
    bench.close();
  }

  @Test
  void a_start_that_just_missed_its_order_is_taken_rather_than_refused_at_placed() {
    String barId = bench.newBar();
    Told<OrderPlaced> order = order(barId, 1);
    Promise<Void> held = Promise.promise();
    Promise<Void> released = Promise.promise();
    Future<Void> holdUp =
        bench.database.transaction(
            connection ->
                connection
                    .query("SELECT pg_advisory_xact_lock(4711)")
                    .execute()
                    .onSuccess(locked -> held.complete())
                    .compose(locked -> released.future()));
    await(held.future());

    Future<Moved> start =
        neighbour.requests.move(order.event().orderId(), barId, Step.START, null, NOW, TRACE);
    eventually(
        "the step has found nothing",
        () -> !bench.rows("SELECT FROM pg_locks WHERE objid = 4711 AND NOT granted").isEmpty());
    await(bench.requests.takeIn(List.of(order), NOW));
    released.complete();
    await(holdUp);

    assertThat(await(start)).isEqualTo(new Moved(OrderStatus.PREPARING, true));
    assertThat(bench.standing(order.event().orderId())).isEqualTo("PREPARING 2");
  }
}
