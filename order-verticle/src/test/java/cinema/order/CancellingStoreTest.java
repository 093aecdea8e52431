package cinema.order;

import static cinema.order.Samples.TRACE;
import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.order.CancellingStore.Agreed;
import cinema.order.CancellingStore.Intent;
import cinema.shared.contract.OrderEvent.OrderCancelled;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CancellingStoreTest extends TwoProcesses {
  @Test
  void a_cancel_is_recorded_once_and_told_once_however_often_it_comes() {
    UUID orderId = placed();

    await(bench.cancel(orderId, barId, NOW));
    await(neighbour.cancel(orderId, barId, NOW.plusSeconds(1)));
    follow(new OrderRequestCancelled(orderId, 2, NOW, barId));

    assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
    assertThat(toldAfterwards(orderId)).containsExactly(new OrderCancelled(orderId, 2, NOW, barId));
  }

  @Test
  void cancels_that_come_together_are_recorded_together_and_each_is_told_once() {
    UUID one = placed();
    UUID gone = placed();
    UUID other = placed();
    await(bench.cancel(gone, barId, NOW));
    List<Agreed> agreed =
        Stream.of(other, gone, one, other)
            .map(orderId -> new Agreed(orderId, barId, 2, TRACE))
            .toList();

    await(bench.cancelling.cancel(agreed, NOW));

    for (UUID orderId : List.of(one, gone, other)) {
      assertThat(status(orderId)).isEqualTo(OrderStatus.CANCELLED);
      assertThat(toldAfterwards(orderId))
          .containsExactly(new OrderCancelled(orderId, 2, NOW, barId));
    }
  }

  @Test
  void a_refusal_settles_a_wish_to_cancel() {
    UUID orderId = placed();
    await(bench.cancelling.intend(List.of(orderId), NOW));

    await(bench.cancelling.refuse(orderId, OrderStatus.PREPARING, 2));

    assertThat(status(orderId)).isEqualTo(OrderStatus.PREPARING);
    assertThat(intents()).doesNotContain(orderId);
  }

  @Test
  void wishes_to_cancel_are_given_out_oldest_first_and_to_one_asker_at_a_time() {
    UUID young = placed();
    UUID old = placed();
    UUID middle = placed();
    Instant longAgo = Instant.parse("2000-01-01T00:00:00Z");
    await(bench.cancelling.intend(List.of(young), longAgo.plusSeconds(3)));
    await(bench.cancelling.intend(List.of(old), longAgo.plusSeconds(1)));
    await(bench.cancelling.intend(List.of(middle), longAgo.plusSeconds(2)));
    await(bench.cancelling.intend(List.of(old), longAgo.plusSeconds(9)));

    Instant now = longAgo.plusSeconds(2);
    Instant until = longAgo.plusSeconds(5);
    Intent claimed = await(bench.cancelling.claimIntents(now, until, 1)).getFirst();
    assertThat(claimed.orderId()).isEqualTo(old);
    assertThat(claimed.barId()).isEqualTo(barId);
    assertThat(claimed.trace().traceId()).isEqualTo(TRACE.traceId());
    assertThat(claimed.trace().correlationId()).isEqualTo(TRACE.correlationId());
    assertThat(claim(now, until)).containsExactly(middle);
    assertThat(claim(now, until)).isEmpty();
    assertThat(claim(until, until.plusSeconds(1))).containsExactlyInAnyOrder(young, old, middle);
  }
}
