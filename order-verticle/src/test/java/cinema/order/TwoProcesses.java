package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.order.Samples.asked;
import static cinema.order.Samples.newBar;
import static cinema.shared.testing.Bench.await;

import cinema.order.PlaceOrder.Asked;
import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderStatus;
import cinema.shared.events.Told;
import cinema.shared.service.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What a test of a Store stands on: a real PostgreSQL, and another process beside this one. Classes
 * take turns, for the fields are one.
 */
@ResourceLock("two processes of a class")
abstract class TwoProcesses {
  static OrderBench bench;
  static OrderBench neighbour;

  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  final String barId = newBar();
  final UUID customerId = UUID.randomUUID();

  @BeforeAll
  static void open() {
    bench = new OrderBench();
    neighbour = bench.neighbour();
  }

  @AfterAll
  static void close() {
    neighbour.close();
    bench.close();
  }

  static UUID id(Asked asked) {
    return asked.placed().orderId();
  }

  /** Its pickup number. */
  static int place(Asked asked) {
    return await(bench.onLoop(() -> bench.placing.place(Ids.next(), List.of(asked)))).getFirst();
  }

  UUID placed() {
    Asked asked = asked(barId, customerId, null, null);
    place(asked);
    return id(asked);
  }

  OrderStatus status(UUID orderId) {
    return await(bench.store.find(orderId, customerId)).status();
  }

  void follow(OrderRequestEvent... events) {
    FollowOrderRequests follow = new FollowOrderRequests(bench.store, Clock.systemUTC());
    List<Told<? extends Event>> batch = new ArrayList<>();
    for (OrderRequestEvent event : events) {
      batch.add(new Told<>(event, TRACE));
    }
    await(bench.onLoop(() -> follow.on(batch)));
  }

  /** What is told of an order after its being placed. */
  static List<OrderEvent> toldAfterwards(UUID orderId) {
    List<OrderEvent> told = bench.told(orderId);
    return told.subList(1, told.size());
  }

  /** Cancels to be settled; nobody else gets them before {@code until}. */
  static List<UUID> claim(Instant now, Instant until) {
    return await(bench.cancelling.claimIntents(now, until, 100)).stream()
        .map(CancellingStore.Intent::orderId)
        .toList();
  }

  /** All cancels to be settled, left as they are. */
  static List<UUID> intents() {
    return claim(NOW, NOW);
  }
}
