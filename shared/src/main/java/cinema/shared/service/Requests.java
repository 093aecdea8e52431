package cinema.shared.service;

import cinema.shared.service.Problem.FieldError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** Reads what requests carry, and says what is wrong with it. */
public final class Requests {
  private Requests() {}

  /**
   * The body as a JSON object.
   *
   * @throws Problem.Thrown 415 for another media type, 400 when it is no JSON object
   */
  public static JsonObject requireJson(RoutingContext context) {
    String type = context.request().getHeader("content-type");
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw Problem.of(415, "media-type", "Not JSON", "Send application/json.").thrown();
    }
    return object(context.body().buffer());
  }

  /**
   * A JSON object.
   *
   * @param body null for none
   * @throws Problem.Thrown 400 when it is something else
   */
  public static JsonObject object(Buffer body) {
    try {
      if (body != null && Json.decodeValue(body) instanceof JsonObject object) {
        return object;
      }
    } catch (DecodeException e) {
      throw Problem.badRequest("The body is not well-formed JSON.").thrown();
    }
    throw Problem.badRequest("The body must be a JSON object.").thrown();
  }

  /**
   * A whole number in the query.
   *
   * @throws Problem.Thrown 422 naming the parameter
   */
  public static int number(RoutingContext context, String name, int otherwise) {
    String text = context.request().getParam(name);
    try {
      return text == null ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw Problem.invalid(List.of(new FieldError(name, "must be a whole number"))).thrown();
    }
  }
}
