package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ScreenshotType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The pictures of the documentation, taken again from a busy evening: {@code mvn -pl browser -am
 * verify -DskipUnitTests -Dit.test=ScreenshotsIT -Dscreenshots=docs/images}, the folder from the
 * project's root.
 */
@EnabledIfSystemProperty(named = "screenshots", matches = ".*/.*")
class ScreenshotsIT extends BrowserTest {
  private static final Path ROOT = Path.of("..");

  private record Guest(String name, String seat, String note, Map<String, Integer> items) {}

  private static final List<Guest> GUESTS =
      List.of(
          new Guest("Haneul", "F12", null, Map.of("popcorn-caramel-l", 1, "cola-m", 2)),
          new Guest("Minjun", "C4", "No ice, please", Map.of("cola-l", 1, "nachos", 1)),
          new Guest("Mina", null, null, Map.of("popcorn-caramel-l", 2)),
          new Guest("Jiho", "H7", null, Map.of("hotdog", 2, "lemonade", 2)),
          new Guest("Seoyeon", "A1", null, Map.of("americano-ice", 1, "churros", 1)),
          new Guest("Dani", "K15", "Butter on the side", Map.of("squid-butter", 1, "lemonade", 2)),
          new Guest("Yuna", null, null, Map.of("popcorn-salted-l", 1, "water", 1)),
          new Guest("Ethan", "D9", null, Map.of("nachos", 1, "cola-m", 1)));

  private final String staff = premises.staff();
  private final Map<String, Function<String, Browser.NewContextOptions>> screens =
      Map.of("phone", Screens::phone, "tablet", Screens::tablet, "desktop", Screens::desktop);

  @Test
  void of_every_page_on_every_screen() {
    List<String> orders = new ArrayList<>();
    GUESTS.forEach(guest -> orders.add(order(guest)));
    steps(orders.get(0), "start", "ready");
    steps(orders.get(2), "start", "ready");
    steps(orders.get(1), "start");
    steps(orders.get(3), "start");
    steps(orders.get(6), "start");
    screens.forEach(
        (screen, options) -> {
          pickup("pickup-" + screen, options.apply("en-US"));
          board("board-" + screen, options.apply("en-US"));
          orderPage("order-" + screen, options.apply("en-US"));
        });
    orderPage("order-phone-ko", Screens.phone("ko-KR"));
    board("board-tablet-ko", Screens.tablet("ko-KR"));
  }

  private void pickup(String file, Browser.NewContextOptions screen) {
    Page page = open("/pickup?bar=lobby", screen);
    assertThat(page.getByTestId("ready").locator("li").first()).isVisible();
    picture(page, file);
  }

  private void board(String file, Browser.NewContextOptions screen) {
    Page page = open("/board?bar=lobby", screen);
    signIn(page);
    page.getByTestId("sound").click();
    assertThat(page.getByTestId("order").nth(GUESTS.size() - 1)).isAttached();
    picture(page, file);
  }

  /** The menu with something in the cart, then the checkout, then the order as it goes on. */
  private void orderPage(String file, Browser.NewContextOptions screen) {
    Page page = open("/?bar=lobby&seat=F12", screen);
    page.locator("#items [data-item-id=popcorn-caramel-l]").getByTestId("more").click();
    page.locator("#items [data-item-id=cola-m]").getByTestId("more").click();
    if (file.equals("order-phone")) {
      picture(page, file + "-menu");
    }
    page.getByTestId("review").click();
    page.locator("input[name=name]").fill("Mina");
    if (file.equals("order-phone")) {
      picture(page, file + "-checkout");
    }
    page.getByTestId("place").click();
    assertThat(page.getByTestId("my-order").first()).isVisible();
    String orderId = page.getByTestId("my-order").first().getAttribute("data-order-id");
    steps(orderId, "start");
    assertThat(page.getByTestId("my-order").first()).hasAttribute("data-status", "PREPARING");
    page.evaluate("scrollTo(0, 0)");
    picture(page, file);
    steps(orderId, "ready", "hand-over");
  }

  private String order(Guest guest) {
    JsonArray lines = new JsonArray();
    guest.items.forEach(
        (itemId, quantity) ->
            lines.add(new JsonObject().put("itemId", itemId).put("quantity", quantity)));
    JsonObject wanted =
        new JsonObject()
            .put("barId", "lobby")
            .put("lines", lines)
            .put("customer", new JsonObject().put("name", guest.name))
            .put("seat", guest.seat)
            .put("note", guest.note);
    wanted.getMap().values().removeIf(java.util.Objects::isNull);
    return premises.order(premises.guest(), wanted).getString("orderId");
  }

  private void steps(String orderId, String... steps) {
    for (String step : steps) {
      premises.step(staff, orderId, step);
    }
  }

  private static void picture(Page page, String file) {
    page.waitForTimeout(500); // what moves has come to rest
    page.screenshot(
        new Page.ScreenshotOptions()
            .setType(ScreenshotType.JPEG)
            .setQuality(70)
            .setPath(ROOT.resolve(System.getProperty("screenshots")).resolve(file + ".jpg")));
  }
}
