package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.form;
import static cinema.order.Samples.newBar;
import static cinema.order.Samples.wish;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.servers.FaultyLink;
import cinema.servers.SharedServers;
import cinema.shared.contract.Order;
import cinema.shared.service.Problem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The connection to PostgreSQL is lost while it commits. */
class LostCommitTest extends OrderTest {
  private final String barId = newBar();
  private final Menu menu = Samples.menu(barId);
  private final UUID customerId = UUID.randomUUID();
  private final OrderForm twoColas = form(barId, wish("cola", 2));

  @Test
  void an_order_is_said_to_be_unknown_and_is_found_by_sending_it_again() {
    try (FaultyLink link = FaultyLink.to(SharedServers.postgres().port());
        OrderBench far = new OrderBench(Map.of("POSTGRES_URL", urlOver(link)))) {
      PlaceOrder overLink = far.placeOrder(menu);
      await(far.onLoop(() -> overLink.place(UUID.randomUUID(), twoColas, null, TRACE)));

      Future<Order> lost = placedWhileNothingComesBack(far, overLink, link);
      link.reset();

      assertUnknown(lost);
      link.heal();
      Order order = sentAgain(far, overLink);
      assertThat(order.pickupNumber()).isEqualTo(2);
      assertThat(far.told(order.orderId())).hasSize(1);
      assertThat(far.count("SELECT count(*) FROM customer_order")).isEqualTo(2);
    }
  }

  @Test
  void an_order_whose_answer_never_comes_is_not_waited_for_for_ever() {
    try (FaultyLink link = FaultyLink.to(SharedServers.postgres().port());
        OrderBench far = new OrderBench(Map.of("POSTGRES_URL", urlOver(link)))) {
      PlaceOrder overLink = far.placeOrder(menu);
      await(far.onLoop(() -> overLink.place(UUID.randomUUID(), twoColas, null, TRACE)));

      assertUnknown(placedWhileNothingComesBack(far, overLink, link));

      link.heal();
      sentAgain(far, overLink);
      assertThat(far.count("SELECT count(*) FROM customer_order")).isEqualTo(2);
    }
  }

  /** The statement waits within PostgreSQL until the way back is cut, and then commits. */
  private Future<Order> placedWhileNothingComesBack(
      OrderBench far, PlaceOrder overLink, FaultyLink link) {
    // A row, not the table: the statement must be on its way, not only being prepared.
    String lock = "SELECT FROM \"" + far.settings.schema() + "\".pickup_number FOR UPDATE";
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1";
    List<Future<Order>> placing = new ArrayList<>();
    await(
        bench.database.transaction(
            connection ->
                connection
                    .query(lock)
                    .execute()
                    .onSuccess(
                        locked ->
                            placing.add(
                                far.onLoop(
                                    () -> overLink.place(customerId, twoColas, "key", TRACE))))
                    .compose(
                        locked ->
                            bench.vertx.executeBlocking(
                                () -> {
                                  eventually(
                                      "it waits",
                                      () -> bench.count(waiting, "WITH asked AS%") == 1);
                                  link.halfOpen();
                                  return null;
                                }))));
    String stored =
        "SELECT count(*) FROM \""
            + far.settings.schema()
            + "\".customer_order WHERE customer_id = $1";
    eventually("it is committed", () -> bench.count(stored, customerId) == 1);
    return placing.getFirst();
  }

  /** As often as it takes: the pool may have more connections that are lost and do not know it. */
  private Order sentAgain(OrderBench far, PlaceOrder overLink) {
    List<Order> placed = new ArrayList<>();
    eventually(
        "it is answered",
        () -> {
          await(
              far.onLoop(() -> overLink.place(customerId, twoColas, "key", TRACE))
                  .onSuccess(placed::add)
                  .otherwiseEmpty());
          return !placed.isEmpty();
        });
    return placed.getFirst();
  }

  private static void assertUnknown(Future<Order> lost) {
    Problem problem = refused(lost);
    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.type()).endsWith("unknown");
    assertThat(problem.retryAfterSeconds()).isPositive();
  }

  private static String urlOver(FaultyLink link) {
    return "postgresql://postgres@127.0.0.1:" + link.port() + "/postgres";
  }

  private static Problem refused(Future<Order> placed) {
    Problem.Thrown refusal = catchThrowableOfType(Problem.Thrown.class, () -> await(placed));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal.problem();
  }
}
