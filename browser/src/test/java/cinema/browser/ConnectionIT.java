package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A connection that breaks, and comes back with nothing missing and nothing twice. */
class ConnectionIT extends BrowserTest {
  private static final Route.FulfillOptions AWAY =
      new Route.FulfillOptions().setStatus(503).setHeaders(Map.of("Retry-After", "1"));

  private final String guest = premises.guest();
  private final String staff = premises.staff();

  @Test
  void a_board_that_was_offline_catches_up_without_a_reload() {
    Page board = board();
    Page phone = phone("/?bar=lobby");
    Locator mine = orderAs(phone, "cola-m");
    String startedId = mine.getAttribute("data-order-id");
    String cancelledId = order();
    assertThat(card(board, startedId)).isVisible();
    assertThat(card(board, cancelledId)).isVisible();
    mark(board);

    board.context().setOffline(true);
    phone.context().setOffline(true);
    assertThat(board.getByTestId("offline")).isVisible();
    String newId = order();
    premises.step(staff, startedId, "start");
    assertThat(premises.cancel(guest, cancelledId).status()).isEqualTo(200);
    board.context().setOffline(false);
    phone.context().setOffline(false);

    assertThat(board.getByTestId("offline")).isHidden();
    assertThat(card(board, newId)).isVisible();
    assertThat(card(board, startedId)).hasAttribute("data-status", "PREPARING");
    assertThat(card(board, cancelledId)).isHidden();
    assertShowsTheBoard(board);
    assertThat(mine).hasAttribute("data-status", "PREPARING");
  }

  @Test
  void a_board_whose_view_was_killed_catches_up_without_a_reload() throws IOException {
    Page board = board();
    Page screen = open("/pickup?bar=lobby", Screens.desktop("en-US"));
    String startedId = order();
    assertThat(card(board, startedId)).isVisible();
    mark(board);

    premises.kill("view");
    assertThat(board.getByTestId("offline")).isVisible();
    JsonObject newOrder = premises.order(guest, name);
    premises.step(staff, startedId, "start");

    assertThat(card(board, newOrder.getString("orderId"))).isVisible();
    assertThat(card(board, startedId)).hasAttribute("data-status", "PREPARING");
    assertThat(board.getByTestId("offline")).isHidden();
    assertShowsTheBoard(board);
    premises.step(staff, newOrder.getString("orderId"), "start");
    String number = String.valueOf(newOrder.getInteger("pickupNumber"));
    assertThat(screen.getByTestId("preparing").locator("[data-pickup-number='" + number + "']"))
        .isVisible();
  }

  @Test
  void an_order_is_placed_though_the_service_dies_while_it_is_asked() throws IOException {
    Page phone = phone("/?bar=lobby");
    phone.locator("#items [data-item-id=cola-m]").getByTestId("more").click();
    phone.getByTestId("review").click();
    phone.locator("input[name=name]").fill(name);

    premises.kill("order");
    phone.getByTestId("place").click();

    Locator mine = phone.getByTestId("my-order");
    assertThat(mine).hasCount(1);
    assertThat(mine).hasAttribute("data-status", "PLACED");
    Page board = board();
    assertThat(board.getByTestId("order").filter(new Locator.FilterOptions().setHasText(name)))
        .hasCount(1);
  }

  @Test
  void an_order_is_placed_though_the_service_is_away_longer_than_it_said() {
    Page phone = phone("/?bar=lobby");
    long back = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
    phone.route(
        Pattern.compile("/sessions$"),
        route -> {
          if (System.nanoTime() < back) {
            route.fulfill(AWAY);
          } else {
            route.resume();
          }
        });

    Locator mine = orderAs(phone, "cola-m");

    assertThat(mine).hasAttribute("data-status", "PLACED");
  }

  private String order() {
    return premises.order(guest, name).getString("orderId");
  }

  /** Gone after a reload. */
  private static void mark(Page page) {
    page.evaluate("window.sameDocument = true");
  }

  private void assertShowsTheBoard(Page board) {
    List<String> wanted = premises.board(staff);
    assertThat(board.getByTestId("order")).hasCount(wanted.size());
    Stream<String> shown =
        board.getByTestId("order").all().stream().map(card -> card.getAttribute("data-order-id"));
    assertThat(shown.sorted().toList()).isEqualTo(wanted);
    assertThat(board.evaluate("window.sameDocument")).isEqualTo(true);
  }
}
