package cinema.shared.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatorException;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the OpenAPI document lets through, as vertx-openapi reads it. */
class RequestsTest {
  private static final Map<String, RequestParameter> PATH =
      Map.of(
          "barId", new RequestParameterImpl("lobby"),
          "itemId", new RequestParameterImpl("cola-m"),
          "orderId", new RequestParameterImpl("019aa29d-df20-7c11-9d52-7f6b0a1c2d3e"));

  private static Vertx vertx;
  private static RequestValidator document;

  @BeforeAll
  static void load() throws Exception {
    vertx = Vertx.vertx();
    document =
        OpenAPIContract.from(vertx, "openapi.yaml")
            .map(contract -> RequestValidator.create(vertx, contract))
            .await(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rejectOrder    | {"reason":"Sold out"}
          rejectOrder    | {"reason":"품절 🍿"}
          changeMenuItem | {"available":false}
          changeMenuItem | {"stock":0}
          changeMenuItem | {"stock":100000}
          changeMenuItem | {"stock":null}
          changeMenuItem | {"price":0}
          changeMenuItem | {"available":true,"stock":24,"price":10000000}
          createDevToken | {"role":"customer"}
          createDevToken | {"role":"staff","bars":["lobby","roof"]}
          """)
  void a_good_body_is_let_through(String operation, String body) {
    assertThat(isLetThrough(operation, Map.of(), body)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rejectOrder    | {}
          rejectOrder    | {"reason":null}
          rejectOrder    | {"reason":""}
          rejectOrder    | {"reason":" "}
          rejectOrder    | {"reason":7}
          rejectOrder    | {"reason":"a\\u0000b"}
          rejectOrder    | {"reason":"Sold out","really":true}
          rejectOrder    | "Sold out"
          rejectOrder    | {"reason":
          changeMenuItem | {}
          changeMenuItem | []
          changeMenuItem | {"available":"no"}
          changeMenuItem | {"available":null}
          changeMenuItem | {"stock":-1}
          changeMenuItem | {"stock":100001}
          changeMenuItem | {"stock":1.5}
          changeMenuItem | {"stock":"24"}
          changeMenuItem | {"price":-1}
          changeMenuItem | {"price":10000001}
          changeMenuItem | {"price":1.5}
          changeMenuItem | {"price":null}
          changeMenuItem | {"name":"Cola"}
          createDevToken | {}
          createDevToken | {"role":"owner"}
          createDevToken | {"role":"staff","bars":[]}
          createDevToken | {"role":"staff","bars":"lobby"}
          createDevToken | {"role":"staff","bars":["The lobby"]}
          """)
  void a_bad_body_is_stopped(String operation, String body) {
    assertThat(isLetThrough(operation, Map.of(), body)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"rejectOrder,1,true", "rejectOrder,200,true", "rejectOrder,201,false"})
  void a_reason_has_its_limits(String operation, int characters, boolean fits) {
    String body = "{\"reason\":\"" + "🍿".repeat(characters) + "\"}";
    assertThat(isLetThrough(operation, Map.of(), body)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listBarOrders | status       | ALL
          listBarOrders | status       | PLACED
          listBarOrders | status       | PLACED,PREPARING,READY
          listBarOrders | cursor       | 019aa29d-df20-7c11-9d52-7f6b0a1c2d3e
          listBarOrders | limit        | 1
          listMyOrders  | limit        | 200
          listMyOrders  | before       | 019aa29d-df20-7c11-9d52-7f6b0a1c2d3e
          listAlarms    | acknowledged | true
          listAlarms    | acknowledged | false
          listAlarms    | limit        | 50
          """)
  void a_good_query_is_let_through(String operation, String parameter, String value) {
    assertThat(isLetThrough(operation, Map.of(parameter, new RequestParameterImpl(value)), null))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listBarOrders | status       | placed
          listBarOrders | status       | PLACED,
          listBarOrders | status       | PLACED READY
          listBarOrders | status       | ''
          listBarOrders | cursor       | first
          listBarOrders | limit        | 0
          listMyOrders  | limit        | 201
          listMyOrders  | limit        | -1
          listMyOrders  | limit        | 1e1
          listMyOrders  | limit        | 10.0
          listMyOrders  | limit        | ten
          listMyOrders  | limit        | ''
          listMyOrders  | before       | 12
          listAlarms    | acknowledged | yes
          listAlarms    | acknowledged | 0
          listAlarms    | limit        | 4294967297
          """)
  void a_bad_query_is_stopped(String operation, String parameter, String value) {
    assertThat(isLetThrough(operation, Map.of(parameter, new RequestParameterImpl(value)), null))
        .isFalse();
  }

  private static boolean isLetThrough(
      String operation, Map<String, RequestParameter> query, String body) {
    Buffer buffer = body == null ? Buffer.buffer() : Buffer.buffer(body);
    var request =
        new ValidatableRequestImpl(
            Map.of(), Map.of(), PATH, query, new RequestParameterImpl(buffer), "application/json");
    return document
        .validate(request, operation)
        .map(true)
        .recover(
            failure ->
                failure instanceof ValidatorException
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure))
        .await();
  }
}
