package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A customer's phone, by itself. */
class OrderPageIT extends BrowserTest {
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

  private static String session(Page phone) {
    Object session = phone.evaluate("localStorage.getItem('intermission.session')");
    return new JsonObject((String) session).getString("token");
  }
}
