package cinema.local;

import static cinema.shared.testing.Bench.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The product as its users meet it: through the front door. Every answer is held to the OpenAPI
 * document.
 */
final class Product {
  private final int port;
  private final WebClient client;
  private final OpenAPIContract contract;
  private final ResponseValidator validator;

  Product(Vertx vertx, int port) {
    this.port = port;
    this.client = WebClient.create(vertx);
    this.contract = await(OpenAPIContract.from(vertx, "openapi.yaml"));
    this.validator = ResponseValidator.create(vertx, contract);
  }

  /** One answer. */
  record Answered(int status, Map<String, String> headers, JsonObject body) {
    String type() {
      return body.getString("type");
    }
  }

  Call get(String path) {
    return new Call(HttpMethod.GET, path);
  }

  Call post(String path) {
    return new Call(HttpMethod.POST, path);
  }

  Call patch(String path) {
    return new Call(HttpMethod.PATCH, path);
  }

  Call delete(String path) {
    return new Call(HttpMethod.DELETE, path);
  }

  String customer() {
    return post("/sessions").send().body().getString("token");
  }

  String staffOf(String... bars) {
    JsonObject wanted =
        new JsonObject()
            .put("role", "staff")
            .put("bars", new io.vertx.core.json.JsonArray(java.util.List.of(bars)));
    return post("/dev/tokens").send(wanted).body().getString("token");
  }

  /** The ids of what {@code /my-orders} lists. */
  List<String> ordersOf(String customer) {
    return get("/my-orders").by(customer).send().body().getJsonArray("orders").stream()
        .map(order -> ((JsonObject) order).getString("orderId"))
        .toList();
  }

  /** An order of one cola, for a customer of this name. */
  static JsonObject cola(String name) {
    return new JsonObject(
        """
        {"barId":"lobby","lines":[{"itemId":"cola-m","quantity":1}],"customer":{"name":"%s"}}
        """
            .formatted(name));
  }

  JsonObject placed(String token, JsonObject order) {
    Answered answered = post("/orders").by(token).send(order);
    if (answered.status != 201) {
      throw new AssertionError("not placed: " + answered);
    }
    return answered.body;
  }

  final class Call {
    private final HttpMethod method;
    private final String path;
    private final HttpRequest<Buffer> request;

    private Call(HttpMethod method, String path) {
      this.method = method;
      this.path = path;
      this.request = client.request(method, port, "127.0.0.1", path);
    }

    Call by(String token) {
      request.bearerTokenAuthentication(token);
      return this;
    }

    Call with(String header, String value) {
      request.putHeader(header, value);
      return this;
    }

    Answered send() {
      return answered(await(request.send()));
    }

    Answered send(JsonObject body) {
      return send(body.encode());
    }

    Answered send(String body) {
      if (!request.headers().contains("content-type")) {
        request.putHeader("content-type", "application/json");
      }
      return answered(await(request.sendBuffer(Buffer.buffer(body))));
    }

    private Answered answered(HttpResponse<Buffer> response) {
      Map<String, String> headers = new HashMap<>();
      response
          .headers()
          .forEach(header -> headers.put(header.getKey().toLowerCase(), header.getValue()));
      holdToDocument(response, headers);
      Buffer body = response.bodyAsBuffer();
      return new Answered(
          response.statusCode(), headers, body == null ? new JsonObject() : body.toJsonObject());
    }

    private void holdToDocument(HttpResponse<Buffer> response, Map<String, String> headers) {
      String bare = path.replaceFirst("\\?.*", "");
      var operation = contract.findOperation(bare, method);
      if (operation == null) {
        return;
      }
      Buffer body = response.bodyAsBuffer() == null ? Buffer.buffer() : response.bodyAsBuffer();
      if (operation.getResponse(response.statusCode()) != null) {
        String type = response.getHeader("content-type");
        await(
            validator.validate(
                ValidatableResponse.create(response.statusCode(), headers, body, type),
                operation.getOperationId()));
      } else {
        holdToProblem(operation, response.statusCode(), body);
      }
    }

    /** The validator knows single statuses only; problems stand under 4XX and 5XX. */
    private void holdToProblem(Operation operation, int status, Buffer body) {
      JsonObject range =
          operation.getOpenAPIModel().getJsonObject("responses").getJsonObject(status / 100 + "XX");
      JsonObject schema =
          range
              .getJsonObject("content")
              .getJsonObject("application/problem+json")
              .getJsonObject("schema");
      var result =
          contract
              .getSchemaRepository()
              .validator(JsonSchema.of(schema))
              .validate(body.toJsonObject());
      if (!result.getValid()) {
        throw new AssertionError(
            operation.getOperationId() + " does not answer " + body + ": " + result.getErrors());
      }
    }
  }
}
