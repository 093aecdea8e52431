package cinema.view;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.testing.Bench;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That nothing which is asked often reads all that the view has ever seen. */
class ReadPlansTest extends ViewStoreBench {
  private static final int ORDERS = 5000;
  private static final int OPEN = 50;

  @BeforeAll
  static void fill() {
    List<OrderPlaced> orders = Orders.placed("busy-bar", ORDERS);
    await(store.apply(Orders.changes(orders), List.of(), Map.of()));
    var closed = orders.subList(0, ORDERS - OPEN).stream().map(Orders::cancelled).toList();
    await(store.apply(Orders.changes(closed), List.of(), Map.of()));
    List<OrderPlaced> others = Orders.placed("other-bar", ORDERS);
    await(store.apply(Orders.changes(others), List.of(), Map.of()));
    await(databaseOfAnother.execute("ANALYZE order_view, feed_log, feed"));
  }

  static Stream<Arguments> reads() {
    return Stream.of(
        Arguments.of(FeedStore.SINCE, "order_view_pkey"),
        Arguments.of(FeedStore.SNAPSHOT, "order_view_board"),
        Arguments.of(ViewStore.BOARD, "order_view_board"),
        Arguments.of(ViewStore.HISTORY, "order_view_pkey"),
        Arguments.of(ViewStore.MINE, "order_view_mine"));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void reads_find_their_orders_by_an_index_of_theirs(String statement, String index) {
    assertThat(plan(statement))
        .doesNotContain("Seq Scan on order_view")
        .contains(index + " on order_view");
  }

  @Test
  void what_is_old_is_looked_up_row_by_row() {
    assertThat(plan(ViewStore.FORGET)).doesNotContain("Join").contains("Nested Loop");
  }

  private static String plan(String statement) {
    return Bench.plan(databaseOfAnother, statement);
  }
}
