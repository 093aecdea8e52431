package cinema.local;

import cinema.shared.contract.Wire;
import cinema.shared.service.Answers;
import cinema.shared.service.Identity;
import cinema.shared.service.Ids;
import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import cinema.shared.service.Signer;
import cinema.shared.service.Tracing;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code POST /dev/tokens}: lets a person on this machine try the staff side. Exists in local runs
 * only; nothing in a service knows of it but the public key.
 */
final class DevTokens {
  private static final Duration LIFE = Duration.ofHours(12);
  private static final int MOST_BODY = 1024;
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final Signer staff;
  private final Signer customers;

  DevTokens(Vertx vertx, Place place) {
    this.staff =
        new Signer(vertx, place.key("staff.private.json"), Identity.DEV_ISSUER, Clock.systemUTC());
    this.customers =
        new Signer(
            vertx, place.key("sessions.private.json"), Identity.SESSION_ISSUER, Clock.systemUTC());
  }

  void handle(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      Answers.send(request, Problem.of(405, "method-not-allowed", "Not that way", "Send a POST."));
      return;
    }
    Buffer body = Buffer.buffer();
    // What is too much is read to its end, so that the answer is heard, but not kept.
    request.handler(
        more -> {
          if (body.length() <= MOST_BODY) {
            body.appendBuffer(more);
          }
        });
    request.endHandler(end -> answer(request, body));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    try {
      String token = token(body);
      request
          .response()
          .setStatusCode(201)
          .putHeader("traceresponse", Tracing.traceOf(request).traceparent())
          .putHeader("content-type", "application/json")
          .end(Wire.encode(Map.of("token", token)));
    } catch (Problem.Thrown refusal) {
      Answers.send(request, refusal.problem());
    }
  }

  private String token(Buffer body) {
    JsonObject wanted = read(body);
    String role = String.valueOf(wanted.getValue("role"));
    return switch (role) {
      case "staff" -> staff.sign("dev-staff", bars(wanted), Instant.now(), LIFE);
      case "customer" -> customers.sign(Ids.next().toString(), Set.of(), Instant.now(), LIFE);
      default -> throw invalid("role", "must be staff or customer");
    };
  }

  private static JsonObject read(Buffer body) {
    if (body.length() > MOST_BODY) {
      throw Problem.of(413, "too-large", "Too large", "Send less than a kilobyte.").thrown();
    }
    try {
      return body.toJsonObject();
    } catch (DecodeException | ClassCastException e) {
      throw Problem.badRequest("The body must be a JSON object.").thrown();
    }
  }

  private static Set<String> bars(JsonObject wanted) {
    if (!(wanted.getValue("bars", new JsonArray().add("lobby").add("roof"))
            instanceof JsonArray bars)
        || bars.isEmpty()
        || !bars.stream().allMatch(bar -> bar instanceof String id && SLUG.matcher(id).matches())) {
      throw invalid("bars", "must be a list of bars");
    }
    return bars.stream().map(String.class::cast).collect(Collectors.toSet());
  }

  private static Problem.Thrown invalid(String field, String message) {
    return Problem.invalid(List.of(new FieldError(field, message))).thrown();
  }
}
