package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.testing.Bench;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A customer's phone and the bar's tablet, side by side. */
class OrderAndBoardIT extends BrowserTest {
  private static final Pattern RINGING = Pattern.compile("ringing");

  @Test
  void an_order_rings_at_the_bar_and_both_see_it_through_to_the_hand_over() {
    Page board = board();
    board.getByTestId("sound").click();
    assertThat(board.locator("body")).not().hasAttribute("data-sound", "off");
    Page phone = phone("/?bar=lobby&seat=F12");
    Page screen = open("/pickup?bar=lobby", Screens.desktop("en-US"));

    Locator mine = orderAs(phone, "popcorn-caramel-l");
    Locator card = card(board, orderId(mine));
    String number = mine.locator(".number").textContent();

    assertThat(card).isVisible();
    assertThat(card).containsText(name);
    assertThat(card).containsText("F12");
    assertThat(card.locator("h3")).hasText(number);
    assertThat(board.locator("body")).hasAttribute("data-sound", RINGING);
    assertThat(board.locator("#totals [data-item-id=popcorn-caramel-l]")).isVisible();

    card.getByTestId("start").click();
    assertThat(card).hasAttribute("data-alarm", "none");
    assertThat(mine).hasAttribute("data-status", "PREPARING");
    assertThat(mine.getByTestId("cancel")).isHidden();
    assertThat(number(screen, "preparing", number)).isVisible();

    card.getByTestId("ready").click();
    assertThat(mine).hasAttribute("data-status", "READY");
    assertThat(number(screen, "ready", number)).isVisible();

    card.getByTestId("hand-over").click();
    assertThat(card).isHidden();
    assertThat(mine).hasAttribute("data-status", "HANDED_OVER");
    assertThat(number(screen, "ready", number)).isHidden();
  }

  @Test
  void steps_that_follow_each_other_quickly_reach_the_bar_one_after_another() {
    Page board = board();
    List<Route> held = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    board.route(Pattern.compile("/start$"), held::add);
    board.onRequest(
        request -> {
          if (request.method().equals("POST") && request.url().contains("/orders/")) {
            sent.add(request.url().replaceFirst(".*/", ""));
          }
        });
    Page phone = phone("/?bar=lobby");
    Locator mine = orderAs(phone, "cola-m");
    Locator card = card(board, orderId(mine));

    List<String> steps = List.of("start", "ready", "hand-over");
    steps.forEach(step -> card.getByTestId(step).click());
    held.getFirst().resume();

    assertThat(mine).hasAttribute("data-status", "HANDED_OVER");
    assertThat(card).isHidden();
    assertThat(sent).containsExactlyElementsOf(steps);
  }

  @Test
  void what_the_customer_takes_back_is_struck_through_said_aloud_and_leaves() {
    Page board = board();
    // A function that evaluate returned would be called, so this one stays inside another.
    board.evaluate(
        "() => { spoken = []; speechSynthesis.speak = words => { spoken.push(words.text); }; }");
    board.getByTestId("sound").click();
    assertThat(board.locator("body")).not().hasAttribute("data-sound", "off");
    Page phone = phone("/?bar=lobby");
    Locator mine = orderAs(phone, "cola-m");
    Locator card = card(board, orderId(mine));
    assertThat(card).isVisible();

    mine.getByTestId("cancel").click();
    mine.getByTestId("cancel").click();

    assertThat(mine).hasAttribute("data-status", "CANCELLED");
    assertThat(card).hasAttribute("data-status", "CANCELLED");
    assertThat(board.getByTestId("alert")).containsText("cancelled by the customer");
    assertThat(board.evaluate("spoken.join()")).asString().contains("cancelled by the customer");
    assertThat(card).isHidden();
  }

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
  void who_is_too_late_to_cancel_is_told_why() {
    Page phone = phone("/?bar=lobby");
    Locator mine = orderAs(phone, "cola-m");
    assertThat(mine.getByTestId("cancel")).isVisible();
    // The bar starts on it while this phone hears nothing.
    phone.context().route(Pattern.compile("/my-orders\\?"), Route::abort);
    phone.context().routeWebSocket("**/feed/**", socket -> {});
    phone.reload();
    premises.step(premises.staff(), orderId(mine), "start");

    mine.getByTestId("cancel").click();
    mine.getByTestId("cancel").click();

    assertThat(mine.getByTestId("order-message")).containsText("Too late to cancel");
    assertThat(mine).hasAttribute("data-status", "PREPARING");
  }

  @Test
  void an_order_whose_answer_was_lost_is_ordered_once() {
    Page phone = phone("/?bar=lobby");
    List<String> keys = new ArrayList<>();
    phone.route(
        Pattern.compile("/orders$"),
        route -> {
          Request request = route.request();
          keys.add(request.headerValue("Idempotency-Key"));
          if (keys.size() == 1) {
            route.fetch(); // it arrives, and is answered
            route.abort();
          } else {
            route.resume();
          }
        });

    Locator mine = orderAs(phone, "cola-m");

    assertThat(mine).hasAttribute("data-status", "PLACED");
    assertThat(phone.getByTestId("my-order")).hasCount(1);
    assertThat(keys).hasSize(2).allMatch(key -> key.equals(keys.getFirst()));
    assertThat(premises.ordersOf(session(phone))).containsExactly(orderId(mine));
  }

  @Test
  void what_is_sold_out_cannot_be_ordered_until_it_is_there_again() {
    Page board = board();
    Page phone = phone("/?bar=lobby");
    phone.clock().install();
    phone.reload();
    Locator item = phone.locator("#items [data-item-id=nachos]");
    assertThat(item).hasAttribute("data-available", "true");

    soldOut(board);
    later(phone, item, "false");
    soldOut(board);
    later(phone, item, "true");
  }

  /** Who keeps looking at the menu sees it change. */
  private static void later(Page phone, Locator item, String available) {
    Bench.eventually(
        "the menu says so",
        () -> {
          phone.clock().fastForward(30_000);
          phone.waitForTimeout(100);
          return available.equals(item.getAttribute("data-available"));
        });
  }

  /** Presses the item's switch. */
  private static void soldOut(Page board) {
    board.getByTestId("open-menu").click();
    Locator available = board.locator("#menu [data-item-id=nachos]").getByTestId("available");
    String before = available.getAttribute("aria-checked");
    available.click();
    assertThat(available).not().hasAttribute("aria-checked", before);
    board.getByTestId("menu-close").click();
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

  @Test
  void a_phone_in_korea_speaks_korean() {
    Page phone = open("/?bar=lobby", Screens.phone("ko-KR"));
    assertThat(phone.locator("html")).hasAttribute("lang", "ko");
    assertThat(phone.locator("#menu-title")).hasText("메뉴");
    assertThat(phone.locator("#items [data-item-id=cola-m] h3")).containsText("콜라");
  }

  @Test
  void the_cart_survives_a_reload() {
    Page phone = phone("/?bar=lobby");
    phone.locator("#items [data-item-id=cola-m]").getByTestId("more").click();
    phone.reload();
    assertThat(phone.locator("#items [data-item-id=cola-m]").getByTestId("quantity")).hasText("1");
    assertThat(phone.getByTestId("review")).containsText("1 item");
  }

  @Test
  void no_request_leaves_the_origin() {
    List<String> elsewhere = new ArrayList<>();
    for (String path : List.of("/?bar=lobby", "/board?bar=lobby", "/pickup?bar=lobby")) {
      Page page = tablet(path);
      page.onRequest(
          request -> {
            if (!request.url().startsWith(premises.url())) {
              elsewhere.add(request.url());
            }
          });
      page.reload();
      assertThat(page.locator(".brand").first()).isVisible();
    }
    assertThat(elsewhere).isEmpty();
  }

  private static Locator number(Page screen, String list, String number) {
    return screen.getByTestId(list).locator("[data-pickup-number='" + number + "']");
  }

  private static String session(Page phone) {
    Object session = phone.evaluate("localStorage.getItem('intermission.session')");
    return new JsonObject((String) session).getString("token");
  }
}
