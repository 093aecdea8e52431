package cinema.view;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Event;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderChangeTest {
  private final OrderPlaced order = Orders.placed("lobby");

  @ParameterizedTest
  @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
  void the_newest_version_counts_whatever_order_events_come_in(String sequence) {
    List<Event> events = List.of(order, Orders.started(order), Orders.ready(order));

    OrderChange change = changed(sequence.chars().mapToObj(n -> events.get(n - '0')).toList());

    assertThat(change.orderStatus).isEqualTo(OrderStatus.PLACED);
    assertThat(change.orderVersion).isEqualTo(1);
    assertThat(change.requestStatus).isEqualTo(OrderStatus.READY);
    assertThat(change.requestVersion).isEqualTo(3);
    assertThat(change.customerId).isEqualTo(order.customerId());
    assertThat(change.details).isNotNull();
  }

  @Test
  void a_cancel_that_comes_before_its_order_stays() {
    OrderChange change = changed(List.of(Orders.cancelled(order), order));

    assertThat(change.orderStatus).isEqualTo(OrderStatus.CANCELLED);
    assertThat(change.details).isNotNull();
  }

  @Test
  void to_be_forgotten_is_no_step_of_the_order() {
    OrderChange open = changed(List.of(Orders.forgotten(order), order));
    OrderChange cancelled = changed(List.of(Orders.forgotten(order), Orders.cancelled(order)));

    assertThat(open.forgotten).isTrue();
    assertThat(open.orderStatus).isEqualTo(OrderStatus.PLACED);
    assertThat(open.orderVersion).isEqualTo(1);
    assertThat(cancelled.forgotten).isTrue();
    assertThat(cancelled.orderStatus).isEqualTo(OrderStatus.CANCELLED);
    assertThat(cancelled.orderVersion).isEqualTo(2);
  }

  @Test
  void what_happened_later_carries_no_details() {
    OrderChange change = changed(List.of(Orders.started(order), Orders.cancelled(order)));

    assertThat(change.details).isNull();
    assertThat(change.customerId).isNull();
  }

  @Test
  void the_bars_reason_is_kept_until_the_bar_says_otherwise() {
    OrderChange change = changed(List.of(Orders.rejected(order, "Sold out")));
    assertThat(change.reason).isEqualTo("Sold out");

    change.on(Orders.ready(order));
    assertThat(change.reason).isNull();
  }

  @Test
  void a_phone_number_is_masked_but_for_its_last_two_digits() {
    OrderChange change = changed(List.of(order));

    assertThat(change.details).isEqualTo(Orders.shown(order, OrderStatus.PLACED));
    assertThat(change.details.customer().phone()).isEqualTo("***-****-**78");
  }

  private static OrderChange changed(List<Event> events) {
    return Orders.changes(events).getFirst();
  }
}
