package cinema.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FeedFrameTest {
  @Test
  void a_snapshot_and_an_order_show_orders() {
    assertThat(
            FeedFrame.of(
                """
                {"type":"snapshot","epoch":"e","seq":120,"orders":[{"orderId":"a"},{"orderId":"b"}]}
                """))
        .isEqualTo(new FeedFrame("snapshot", 120, List.of("a", "b"), null, "e"));
    assertThat(FeedFrame.of("{\"type\":\"order\",\"seq\":121,\"order\":{\"orderId\":\"c\"}}"))
        .isEqualTo(new FeedFrame("order", 121, List.of("c"), null, null));
  }

  @Test
  void a_removed_order_is_named() {
    assertThat(
            FeedFrame.of(
                "{\"type\":\"removed\",\"seq\":122,\"orderId\":\"a\",\"reason\":\"CANCELLED\"}"))
        .isEqualTo(new FeedFrame("removed", 122, List.of(), "a", null));
  }

  @Test
  void an_alarm_about_an_order_shows_no_order() {
    assertThat(FeedFrame.of("{\"type\":\"alarm\",\"seq\":123,\"alarm\":{\"orderId\":\"a\"}}"))
        .isEqualTo(new FeedFrame("alarm", 123, List.of(), null, null));
  }

  @Test
  void anything_else_is_refused() {
    assertThatThrownBy(() -> FeedFrame.of("{\"type\":\"weather\"}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FeedFrame.of("<html>")).isInstanceOf(IllegalArgumentException.class);
  }
}
