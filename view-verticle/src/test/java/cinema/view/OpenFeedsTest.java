package cinema.view;

import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.FeedMessage;
import cinema.shared.contract.PickupMessage;
import cinema.shared.testing.Bench;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How many feeds may be open. Without an upgrade a feed's address answers 426, if it would open.
 */
class OpenFeedsTest {
  private static final String BOARD = "/feed/bars/lobby";
  private static final String PICKUP = BOARD + "/pickup";

  private static RunningView view;

  @BeforeAll
  static void start() {
    Map<String, String> limits =
        Map.of("RATE_LIMITS", "on", "CALLER_SOCKETS", "1", "ADDRESS_SOCKETS", "3");
    view = new RunningView(Bench.withKafka("view"), limits);
  }

  @AfterAll
  static void stop() {
    view.close();
  }

  @Test
  void one_more_than_a_caller_or_an_address_may_have_is_refused_until_one_is_closed() {
    String staff = view.bench.staffToken("lobby");
    Feed<FeedMessage> board = view.open(BOARD, staff);
    board.nextSnapshot();
    assertTooMany(view.get(BOARD, staff), "caller");
    assertThat(view.get(PICKUP, null).statusCode()).isEqualTo(426);

    Feed<PickupMessage> first = view.openPickup(PICKUP);
    Feed<PickupMessage> second = view.openPickup(PICKUP);
    first.next();
    second.next();
    assertTooMany(view.get(PICKUP, null), "address");

    board.leave();
    eventually("there is room again", () -> view.get(BOARD, staff).statusCode() == 426);
    first.leave();
    second.leave();
  }

  private static void assertTooMany(HttpResponse<Buffer> answer, String limit) {
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.bodyAsJsonObject().getString("limit")).isEqualTo(limit);
    assertThat(answer.getHeader("retry-after")).isNotNull();
  }
}
