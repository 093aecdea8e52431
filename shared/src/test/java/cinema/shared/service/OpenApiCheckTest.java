package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.testing.Bench;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests held against the OpenAPI document that is in force. */
class OpenApiCheckTest {
  private static Bench bench;
  private static OpenApi openApi;
  private static WebClient client;

  @BeforeAll
  static void listen() {
    bench = Bench.of("openapi");
    openApi = await(OpenApi.load(bench.vertx(), "openapi.yaml"));
    WebServer server = new WebServer(bench.vertx(), bench.settings());
    var routes = server.router();
    routes.post("/orders").handler(openApi.check("placeOrder"));
    routes.get("/my-orders").handler(openApi.check("listMyOrders"));
    routes.patch("/bars/:barId/menu/:itemId").handler(openApi.check("changeMenuItem"));
    routes.post("/bars/:barId/orders/:orderId/start").handler(openApi.check("startOrder"));
    routes
        .route()
        .handler(context -> context.end("let through " + (context.body().asString() != null)));
    int port = await(server.listen()).actualPort();
    client =
        WebClient.create(
            bench.vertx(), new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void what_the_document_asks_for_is_let_through_and_can_still_be_read() {
    assertThat(send(client.post("/orders"), order().encode()).bodyAsString())
        .isEqualTo("let through true");
    assertThat(await(client.get("/my-orders?limit=5").send()).bodyAsString())
        .isEqualTo("let through false");
    assertThat(await(client.post("/bars/lobby/orders/x/start").send()).bodyAsString())
        .isEqualTo("let through false");
    assertThat(send(client.patch("/bars/lobby/menu/x"), "{\"stock\":null}").bodyAsString())
        .isEqualTo("let through true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"lines":[{"itemId":"cola-m","quantity":51}]}                       | lines[0].quantity
          {"lines":[{"itemId":"cola-m","quantity":1},{"itemId":"a","quantity":0}]} | lines[1].quantity
          {"lines":[{"itemId":"cola-m","quantity":"1"}]}                      | lines[0].quantity
          {"lines":[{"itemId":"cola-m","quantity":1.5}]}                      | lines[0].quantity
          {"lines":[{"itemId":"cola-m","quantity":1,"price":0}]}              | lines[0].price
          {"lines":[]}                                                        | lines
          {"lines":null}                                                      | lines
          {"barId":7}                                                         | barId
          {"tip":500}                                                         | tip
          {"customer":{"name":""}}                                            | customer.name
          {"customer":{}}                                                     | customer
          """)
  void a_field_that_is_not_right_is_named(String change, String field) {
    HttpResponse<Buffer> answer =
        send(client.post("/orders"), order().mergeIn(new JsonObject(change)).encode());
    assertInvalid(answer, field);
  }

  @Test
  void each_field_that_is_not_right_is_named() {
    HttpResponse<Buffer> answer =
        send(client.post("/orders"), order().put("barId", 7).put("tip", 500).encode());
    assertInvalid(answer, "barId", "tip");
    assertThat(answer.bodyAsString()).contains("Expected string");
  }

  @Test
  void a_parameter_that_is_not_right_is_named() {
    assertInvalid(await(client.get("/my-orders?limit=many").send()), "limit");
    assertInvalid(await(client.get("/my-orders?limit=0").send()), "limit");
    assertInvalid(
        send(
            client.post("/orders").putHeader("Idempotency-Key", "x".repeat(256)), order().encode()),
        "Idempotency-Key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          application/json | {"stock":                | 400
          application/json | not JSON at all          | 400
          application/json | {"stock":1} {"stock":2}  | 400
          application/json | [1]                      | 400
          application/json | ``                       | 400
          application/json | {}                       | 422
          text/plain       | {"stock":1}              | 415
          application/xml  | <stock/>                 | 415
          """)
  void a_body_that_is_not_what_the_document_asks_for_is_refused(
      String type, String body, int status) {
    HttpResponse<Buffer> answer =
        await(
            client
                .patch("/bars/lobby/menu/churros")
                .putHeader("content-type", type)
                .sendBuffer(Buffer.buffer(body)));
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void an_operation_that_the_document_does_not_have_is_a_mistake_at_the_start() {
    assertThatThrownBy(() -> openApi.check("orderPopcornByFax"))
        .hasMessageContaining("orderPopcornByFax");
  }

  private static HttpResponse<Buffer> send(HttpRequest<Buffer> request, String json) {
    return await(
        request.putHeader("content-type", "application/json").sendBuffer(Buffer.buffer(json)));
  }

  private static JsonObject order() {
    return new JsonObject(
        """
        {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":2}],"customer":{"name":"김하늘"}}
        """);
  }

  private static void assertInvalid(HttpResponse<Buffer> answer, String... fields) {
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(422);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(
            answer.bodyAsJsonObject().getJsonArray("errors").stream().map(JsonObject.class::cast))
        .allSatisfy(error -> assertThat(error.getString("message")).isNotBlank())
        .extracting(error -> error.getString("field"))
        .containsExactlyInAnyOrder(fields);
  }
}
