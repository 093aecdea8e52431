package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.local.Product.Answered;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and how, on real parts, through the front door. */
class OrderRefusalTest extends AtTheLobby {

  @Test
  void another_customer_does_not_find_the_order() {
    String orderId = product.placed(product.customer(), cola("Owner")).getString("orderId");
    String other = product.customer();
    assertThat(product.get("/orders/" + orderId).by(other).send().status()).isEqualTo(404);
    assertThat(product.delete("/orders/" + orderId).by(other).send().status()).isEqualTo(404);
    assertThat(product.ordersOf(other)).isEmpty();
  }

  @Test
  void staff_of_another_bar_do_not_find_this_one() {
    String staff = product.staffOf("roof");
    assertThat(product.get("/bars/lobby/orders").by(staff).send().status()).isEqualTo(404);
    assertThat(product.get("/bars/lobby/alarms").by(staff).send().status()).isEqualTo(404);
    assertThat(lobby.take(UUID.randomUUID().toString(), "start").status()).isEqualTo(404);
  }

  @Test
  void what_staff_mark_sold_out_cannot_be_ordered() {
    String staff = product.staffOf("roof");
    String customer = product.customer();
    JsonObject water = cola("Thirst").put("barId", "roof");
    water.getJsonArray("lines").getJsonObject(0).put("itemId", "water");
    assertThat(
            product
                .patch("/bars/roof/menu/water")
                .by(staff)
                .send(new JsonObject().put("available", false))
                .status())
        .isEqualTo(200);
    eventually(
        "it is sold out",
        () -> {
          Answered answered = product.post("/orders").by(customer).send(water);
          return answered.status() == 409 && answered.type().equals("/problems/sold-out");
        });
    Answered menu = product.get("/bars/roof/menu").send();
    assertThat(menu.body().getJsonArray("items").stream().map(JsonObject.class::cast))
        .anyMatch(
            item -> item.getString("itemId").equals("water") && !item.getBoolean("available"));
  }

  @ParameterizedTest(name = "{0} -> {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"barId":                                                                                    | 400 |
          [1,2]                                                                                        | 400 |
          {"barId":"lobby","lines":[],"customer":{"name":"A"}}                                         | 422 | lines
          {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":0}],"customer":{"name":"A"}}         | 422 | lines[0].quantity
          {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":51}],"customer":{"name":"A"}}        | 422 | lines[0].quantity
          {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":"1"}],"customer":{"name":"A"}}       | 422 | lines[0].quantity
          {"barId":"lobby","lines":[{"itemId":"nothing","quantity":1}],"customer":{"name":"A"}}        | 422 | lines[0].itemId
          {"barId":"moon","lines":[{"itemId":"cola-m","quantity":1}],"customer":{"name":"A"}}          | 422 | barId
          {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":1}],"customer":{"name":""}}          | 422 | customer.name
          {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":1}],"customer":{"name":"A"},"vip":1} | 422 | vip
          """)
  void wrong_input_gets_a_problem_that_names_the_field(String body, int status, String field) {
    Answered answered = product.post("/orders").by(product.customer()).send(body);
    assertThat(answered.status()).isEqualTo(status);
    assertThat(answered.headers().get("content-type")).isEqualTo("application/problem+json");
    if (field != null) {
      JsonArray errors = answered.body().getJsonArray("errors");
      assertThat(errors.stream().map(error -> ((JsonObject) error).getString("field")))
          .contains(field);
    }
  }

  @Test
  void a_token_is_not_to_be_had_with_a_get_and_the_answer_says_how() {
    Answered refused = product.get("/dev/tokens").send();
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.headers()).containsEntry("allow", "POST");
  }

  @Test
  void too_much_is_refused() {
    String customer = product.customer();
    JsonObject longWinded = cola("A").put("note", "x".repeat(17 * 1024));
    Answered tooLarge = product.post("/orders").by(customer).send(longWinded);
    assertThat(tooLarge.status()).isEqualTo(413);
    JsonArray many = new JsonArray();
    for (int i = 0; i < 21; i++) {
      many.add(new JsonObject().put("itemId", "cola-m").put("quantity", 1));
    }
    Answered lines = product.post("/orders").by(customer).send(cola("A").put("lines", many));
    assertThat(lines.status()).isEqualTo(422);
    JsonObject manyBars = new JsonObject().put("role", "staff").put("bars", "x".repeat(100_000));
    assertThat(product.post("/dev/tokens").send(manyBars).status()).isEqualTo(413);
  }

  @Test
  void health_and_metrics_are_not_for_the_public() {
    assertThat(product.get("/health/ready").send().status()).isEqualTo(404);
    assertThat(product.get("/metrics").send().status()).isEqualTo(404);
  }
}
