package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Guests of one bar who take turns to order. */
final class Guests {
  static final String BAR = "lobby";

  private Guests() {}

  /**
   * Lets in as many as are to take turns.
   *
   * @return each as what a scenario is fed: a {@code guest}'s token and the {@code itemId} they
   *     like
   */
  static List<Map<String, Object>> letIn(Settings settings) {
    return asked(
        settings,
        door -> {
          List<Map<String, Object>> guests = new ArrayList<>();
          List<String> menu = door.menu(BAR);
          for (int i = 0; i < settings.sessions(); i++) {
            guests.add(Map.of("guest", door.openSession(), "itemId", menu.get(i % menu.size())));
          }
          return guests;
        });
  }

  /** The token of those who serve them. */
  static String staff(Settings settings) {
    return asked(settings, door -> door.staffToken(BAR));
  }

  /** Something to ask of the cinema. */
  private interface Question<T> {
    T ask(Cinema door) throws IOException, InterruptedException;
  }

  private static <T> T asked(Settings settings, Question<T> question) {
    try (Cinema door = new Cinema(settings.baseUrl())) {
      return question.ask(door);
    } catch (IOException e) {
      throw new IllegalStateException("the cinema is not open", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Nothing but BASE_URL is ever spoken to: no redirects, no visit to gatling.io first. */
  static HttpProtocolBuilder protocol(Settings settings) {
    return http.baseUrl(settings.baseUrl().toString())
        .contentTypeHeader("application/json")
        .shareConnections()
        .disableFollowRedirect()
        .disableWarmUp();
  }

  /**
   * A guest orders.
   *
   * @param when what is added to the request's name in the report
   * @param customer the name on the order
   * @param orderId what the session calls the order's id from then on
   */
  static ChainBuilder order(String when, String customer, String orderId) {
    return exec(
        http("order" + when)
            .post("/orders")
            .header("Authorization", "Bearer #{guest}")
            .body(
                StringBody(
                    """
                    {"barId":"%s","lines":[{"itemId":"#{itemId}","quantity":1}],
                     "customer":{"name":"%s"},"seat":"F12"}
                    """
                        .formatted(BAR, customer)))
            .check(status().is(201), jsonPath("$.orderId").saveAs(orderId)));
  }

  /**
   * The guest takes back the session's {@code orderId}; answered for certain, or as kept.
   *
   * @param when what is added to the request's name in the report
   */
  static HttpRequestActionBuilder cancel(String when) {
    return http("cancel" + when)
        .delete("/orders/#{orderId}")
        .header("Authorization", "Bearer #{guest}")
        .check(status().in(200, 202, 409));
  }
}
