package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** WCAG 2.2 AA as far as axe-core can tell: nothing serious on any page. */
class AccessibilityIT extends BrowserTest {
  private static final Set<String> SERIOUS = Set.of("serious", "critical");
  private static final List<String> AA =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

  @Test
  void the_order_page() {
    Page phone = phone("/?bar=lobby");
    assertThat(phone.locator("#items [data-item-id=cola-m]")).isVisible();
    orderAs(phone, "cola-m");
    assertAccessible(phone);
    phone.getByTestId("forget-me").click();
    assertAccessible(phone);
    phone.locator("#items [data-item-id=cola-m]").getByTestId("more").click();
    phone.getByTestId("review").click();
    assertThat(phone.getByTestId("place")).isVisible();
    assertAccessible(phone);
    phone.reload();
    phone.getByTestId("forget-me").click();
    phone.getByTestId("forget-me").click();
    assertThat(phone.getByTestId("forgotten")).isVisible();
    assertAccessible(phone);
  }

  @Test
  void the_board() {
    Page board = tablet("/board?bar=lobby");
    assertThat(board.getByTestId("try-as-staff")).isVisible();
    assertAccessible(board);
    signIn(board);
    String guest = premises.guest();
    String cancelledId = premises.order(guest, name).getString("orderId");
    String orderId = premises.order(guest, name).getString("orderId");
    assertThat(card(board, orderId)).isVisible();
    premises.cancel(guest, cancelledId);
    assertThat(card(board, cancelledId)).hasAttribute("data-status", "CANCELLED");
    assertAccessible(board);
    card(board, orderId).getByTestId("reject").click();
    assertAccessible(board);
    board.locator("#reject-back").click();
    board.getByTestId("open-menu").click();
    assertThat(board.getByTestId("available").first()).isVisible();
    assertAccessible(board);
  }

  @Test
  void the_pickup_screen() {
    Page screen = open("/pickup?bar=lobby", Screens.desktop("ko-KR"));
    assertThat(screen.locator("body[data-connection=live]")).isVisible();
    assertAccessible(screen);
  }

  private static void assertAccessible(Page page) {
    List<Rule> serious =
        new AxeBuilder(page)
            .withTags(AA).analyze().getViolations().stream()
                .filter(rule -> SERIOUS.contains(rule.getImpact()))
                .toList();
    assertThat(serious.stream().map(AccessibilityIT::told)).isEmpty();
  }

  private static String told(Rule rule) {
    return rule.getId()
        + " ("
        + rule.getHelp()
        + "): "
        + rule.getNodes().stream().map(node -> node.getHtml() + " " + node.getAny()).toList();
  }
}
