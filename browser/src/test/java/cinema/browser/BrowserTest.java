package cinema.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Intermission and one Chromium for all tests; each test has browsers of its own, and knows its
 * orders by their customers' names.
 */
@ExtendWith(BrowserTest.Stage.class)
abstract class BrowserTest {
  private static final double MOST_MILLIS = 30_000;

  static Premises premises;
  static Chromium chromium;

  private final List<BrowserContext> contexts = new ArrayList<>();

  /** A name that no other test's customer has. */
  final String name = "Mina " + UUID.randomUUID().toString().substring(0, 6);

  /** Opened by the first test class, closed after the last. */
  static final class Stage implements BeforeAllCallback, AutoCloseable {
    @Override
    public void beforeAll(ExtensionContext context) {
      context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Stage.class))
          .computeIfAbsent(Stage.class, none -> open());
    }

    private static Stage open() {
      PlaywrightAssertions.setDefaultAssertionTimeout(MOST_MILLIS);
      Stage stage = new Stage();
      try {
        chromium = Chromium.open().orElse(null);
        if (chromium != null) {
          premises = new Premises();
        } else if (System.getenv("CI") != null) {
          throw new AssertionError("there is no Chromium, and .ci/run should have installed one");
        } else {
          System.out.println("The pages are not tested: there is no Chromium on this machine.");
        }
        return stage;
      } catch (IOException | RuntimeException | Error e) {
        stage.close();
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      if (chromium != null) {
        chromium.close();
      }
      if (premises != null) {
        premises.close();
      }
    }
  }

  @BeforeAll
  static void needABrowser() {
    Assumptions.assumeTrue(chromium != null, "no Chromium on this machine");
  }

  @AfterEach
  void closeBrowsers() {
    contexts.forEach(BrowserContext::close);
  }

  /** A browser of its own, with nothing kept: somebody else's phone or tablet. */
  Page open(String path, Browser.NewContextOptions options) {
    BrowserContext context = chromium.browser().newContext(options);
    context.setDefaultTimeout(MOST_MILLIS);
    contexts.add(context);
    Page page = context.newPage();
    page.navigate(premises.url() + path);
    return page;
  }

  Page phone(String path) {
    return open(path, Screens.phone("en-US"));
  }

  Page tablet(String path) {
    return open(path, Screens.tablet("en-US"));
  }

  /** The lobby's board, with somebody at it. */
  Page board() {
    Page board = tablet("/board?bar=lobby");
    signIn(board);
    return board;
  }

  static void signIn(Page board) {
    board.getByTestId("try-as-staff").click();
    PlaywrightAssertions.assertThat(board.locator("body[data-connection=live]")).isVisible();
  }

  /** An order's card on the board. */
  static Locator card(Page board, String orderId) {
    return board.locator("[data-testid=order][data-order-id='" + orderId + "']");
  }

  /** Picks one item and orders it; the order's card on the order page. */
  Locator orderAs(Page phone, String itemId) {
    phone.locator("[data-item-id=" + itemId + "]").getByTestId("more").click();
    phone.getByTestId("review").click();
    phone.locator("input[name=name]").fill(name);
    phone.getByTestId("place").click();
    Locator card = phone.getByTestId("my-order").first();
    PlaywrightAssertions.assertThat(card).isVisible();
    return card;
  }

  static String orderId(Locator mine) {
    return mine.getAttribute("data-order-id");
  }
}
