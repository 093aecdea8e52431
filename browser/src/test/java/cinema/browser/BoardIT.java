package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bar's tablet; customers order without a browser. */
class BoardIT extends BrowserTest {
  @Test
  void a_board_that_has_only_the_oldest_counts_at_least_and_goes_on_when_half_of_them_are_done() {
    String guest = premises.guest();
    List<String> orders =
        Stream.generate(() -> premises.order(guest, beer()).getString("orderId")).limit(2).toList();
    Page board = tablet("/board?bar=roof");
    signIn(board);
    assertThat(card(board, orders.getLast())).isVisible();
    assertThat(board.locator("#PLACED-title b")).hasText("2");
    AtomicInteger feeds = new AtomicInteger();
    // As if there were more than a snapshot has: nobody wants to wait for a thousand here.
    board
        .context()
        .routeWebSocket(
            "**/feed/bars/**",
            socket -> {
              boolean first = feeds.incrementAndGet() == 1;
              socket
                  .connectToServer()
                  .onMessage(
                      frame ->
                          socket.send(
                              first
                                  ? frame.text().replace("\"orders\":", "\"more\":true,\"orders\":")
                                  : frame.text()));
            });

    board.reload();

    assertThat(board.getByText("Only the oldest orders are shown")).isVisible();
    assertThat(board.locator("#PLACED-title b")).hasText("2+");
    assertThat(board.locator("#totals [data-item-id=beer-draft] b")).hasText("2+");
    orders.forEach(orderId -> premises.cancel(guest, orderId));
    board.waitForCondition(() -> feeds.get() == 2);
    assertThat(board.locator("#PLACED-title b")).hasText("0");
  }

  private static JsonObject beer() {
    return new JsonObject()
        .put("barId", "roof")
        .put("lines", JsonArray.of(new JsonObject().put("itemId", "beer-draft").put("quantity", 1)))
        .put("customer", new JsonObject().put("name", "Jun"));
  }

  @Test
  void the_board_is_worked_with_keys_alone() {
    Page board = board();
    JsonObject order = premises.order(premises.guest(), name);
    Locator card = card(board, order.getString("orderId"));
    assertThat(card).hasAttribute("data-alarm", "open");

    board.keyboard().press("g");
    assertThat(card).hasAttribute("data-alarm", "none");
    board.keyboard().press(position(card));
    assertThat(card).hasAttribute("data-status", "PREPARING");
    assertThat(card).hasAttribute("data-pending", "false");
    board.keyboard().press("u");
    assertThat(card).hasAttribute("data-status", "PLACED");
    assertThat(card).hasAttribute("data-pending", "false");
    board.keyboard().press(position(card));
    assertThat(card).hasAttribute("data-pending", "false");
    board.keyboard().press("ArrowRight");
    board.keyboard().press(position(card));
    assertThat(card).hasAttribute("data-status", "READY");
  }

  /** The digit that presses its button. */
  private static String position(Locator card) {
    Object nth = card.evaluate("card => [...card.parentElement.children].indexOf(card) + 1");
    return String.valueOf(nth);
  }

  @Test
  void undoing_a_hand_over_undoes_nothing_that_came_after_it() {
    Page board = board();
    String handedOverId = premises.order(premises.guest(), name).getString("orderId");
    String startedId = premises.order(premises.guest(), name).getString("orderId");
    premises.step(premises.staff(), handedOverId, "start");
    premises.step(premises.staff(), handedOverId, "ready");
    card(board, handedOverId).getByTestId("hand-over").click();
    assertThat(board.getByTestId("message-action")).isVisible();
    card(board, startedId).getByTestId("start").click();
    assertThat(card(board, startedId)).hasAttribute("data-pending", "false");

    board.getByTestId("message-action").click();

    assertThat(card(board, handedOverId)).hasAttribute("data-status", "READY");
    assertThat(card(board, startedId)).hasAttribute("data-status", "PREPARING");
  }

  @Test
  void a_step_is_taken_though_the_bar_itself_hears_of_the_order_a_moment_later() {
    Page board = board();
    String orderId = premises.order(premises.guest(), name).getString("orderId");
    AtomicInteger asked = new AtomicInteger();
    board.route(
        Pattern.compile("/start$"),
        route -> {
          if (asked.getAndIncrement() == 0) {
            route.fulfill(new Route.FulfillOptions().setStatus(404));
          } else {
            route.resume();
          }
        });

    card(board, orderId).getByTestId("start").click();

    assertThat(card(board, orderId)).hasAttribute("data-pending", "false");
    assertThat(card(board, orderId)).hasAttribute("data-status", "PREPARING");
  }

  @Test
  void who_signs_in_before_the_bars_are_known_serves_them_all_the_same() {
    Page board = tablet("/pickup?bar=lobby");
    CompletableFuture<Route> bars = new CompletableFuture<>();
    board.route(Pattern.compile("/bars$"), bars::complete);
    board.navigate(premises.url() + "/board?bar=lobby");
    board.getByTestId("try-as-staff").click();

    board.waitForCondition(bars::isDone);
    bars.join().resume();

    assertThat(board.locator("body[data-connection=live]")).isVisible();
  }

  @Test
  void an_order_that_another_tablet_has_begun_rings_no_more() {
    Page board = board();
    String orderId = premises.order(premises.guest(), name).getString("orderId");
    Locator card = card(board, orderId);
    assertThat(card).hasAttribute("data-alarm", "open");

    premises.step(premises.staff(), orderId, "start");

    assertThat(card).hasAttribute("data-status", "PREPARING");
    assertThat(card).hasAttribute("data-alarm", "none");
  }
}
