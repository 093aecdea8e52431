package cinema.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A customer who wants to be forgotten, and what is left on the pages. */
class ForgetMeIT extends BrowserTest {
  @Test
  void who_deletes_their_data_is_nobody_on_the_board_and_still_gets_the_order_by_its_number() {
    Page board = board();
    Page phone = phone("/?bar=lobby&seat=F12");
    assertThat(phone.getByTestId("forget-me")).isHidden();
    phone.locator("[data-item-id=cola-m]").getByTestId("more").click();
    phone.getByTestId("review").click();
    phone.locator("input[name=name]").fill(name);
    phone.locator("input[name=phone]").fill("010-1234-5678");
    phone.locator("input[name=note]").fill("no ice for " + name);
    phone.getByTestId("place").click();
    Locator mine = phone.getByTestId("my-order").first();
    assertThat(mine).isVisible();
    String orderId = orderId(mine);
    String number = mine.locator(".number").textContent();
    Page anotherTab = phone.context().newPage();
    anotherTab.navigate(premises.url() + "/?bar=lobby");
    assertThat(anotherTab.getByTestId("my-order")).hasCount(1);
    Locator card = card(board, orderId);
    assertThat(card).containsText("no ice for " + name);

    phone.getByTestId("forget-me").click();
    assertThat(phone.locator("#forget-what")).containsText("pick it up by its number");
    assertThat(card).containsText(name);
    phone.getByTestId("forget-me").click();

    assertThat(phone.getByTestId("forgotten")).containsText("Gone from 1 order");
    assertThat(phone.getByTestId("forgotten-numbers")).containsText(number);
    assertThat(phone.getByTestId("my-order")).hasCount(0);
    assertThat(phone.getByTestId("forget-me")).isHidden();
    assertThat(anotherTab.getByTestId("my-order")).hasCount(0);
    assertThat(phone.evaluate("JSON.stringify({...localStorage})"))
        .asString()
        .doesNotContain(name, "session", "orders", "5678");
    assertThat(card).not().containsText(name);
    assertThat(card).not().containsText("F12");
    assertThat(card.locator("h3")).hasText(number);
    for (String step : List.of("start", "ready", "hand-over")) {
      card.getByTestId(step).click();
    }
    assertThat(card).isHidden();
    phone.reload();
    assertThat(phone.getByTestId("forgotten")).isHidden();
    phone.locator("[data-item-id=cola-m]").getByTestId("more").click();
    phone.getByTestId("review").click();
    assertThat(phone.locator("input[name=name]")).hasValue("");
  }

  @Test
  void data_that_could_not_be_deleted_is_still_there_to_try_again() {
    Page phone = phone("/?bar=lobby");
    Locator mine = orderAs(phone, "cola-m");
    phone.route(Pattern.compile("/my-data$"), Route::abort);

    phone.getByTestId("forget-me").click();
    phone.getByTestId("forget-me").click();

    assertThat(phone.getByTestId("forget-failed")).containsText("could not be deleted");
    assertThat(phone.getByTestId("forget-me")).isEnabled();
    assertThat(mine).isVisible();
    assertThat(phone.evaluate("localStorage.getItem('intermission.session')")).isNotNull();
  }
}
