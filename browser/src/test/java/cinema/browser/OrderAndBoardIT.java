package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.testing.Bench;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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
}
