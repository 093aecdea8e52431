package cinema.local;

import static cinema.local.FuzzValues.any;

import cinema.local.FuzzRequest.Manner;
import cinema.shared.contract.Routes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Requests by the OpenAPI document: as it asks for them, nearly so, and not at all. The same seed
 * and number make the same request, but for ids and tokens, which are those of the run.
 */
final class FuzzRequests {
  private static final List<String> HANDSHAKES =
      List.of(
          "",
          "Sec-WebSocket-Key: x",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Version: x\r\nSec-WebSocket-Key: x",
          "Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 0\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2",
          "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

  private final long seed;
  private final Place place;
  private final FuzzValues values;
  private final List<Operation> operations;
  private final Map<String, List<String>> tokens;
  private final FuzzSpoiler spoiler;

  /**
   * @param tokens by the tag of the operations that they are for
   */
  FuzzRequests(
      long seed,
      Place place,
      OpenAPIContract contract,
      FuzzValues values,
      Map<String, List<String>> tokens) {
    this.seed = seed;
    this.place = place;
    this.values = values;
    this.operations = contract.operations();
    this.tokens = tokens;
    this.spoiler = new FuzzSpoiler(values, tokens);
    for (Operation operation : operations) {
      for (Parameter parameter : operation.getParameters()) {
        Object example = parameter.getOpenAPIModel().getValue("example", "");
        values.learn(parameter.getName(), example.toString());
      }
      example(operation).forEach(this::learn);
    }
  }

  private void learn(Map.Entry<String, Object> example) {
    switch (example.getValue()) {
      case String word -> values.learn(example.getKey(), word);
      case JsonObject object -> object.forEach(this::learn);
      case JsonArray array -> array.forEach(element -> learn(Map.entry(example.getKey(), element)));
      default -> {}
    }
  }

  private static JsonObject example(Operation operation) {
    JsonObject json = json(operation);
    return json == null ? new JsonObject() : json.getJsonObject("example", new JsonObject());
  }

  FuzzRequest request(long number) {
    RandomGenerator random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    Operation operation = any(random, operations);
    FuzzDraft draft = valid(random, operation, "%016x%016x".formatted(seed | 1, number));
    int port = random.nextInt(5) < 3 ? place.port() : ownPort(random, operation);
    if (operation.getResponse(101) != null && random.nextInt(4) > 0) {
      return feed(random, operation, draft, number, port);
    }
    int kind = random.nextInt(16);
    if (kind < 3) {
      String garbage = FuzzGarbage.request(random, draft.head() + draft.content());
      String name = operation.getOperationId() + ", as garbage";
      return new FuzzRequest(number, name, port, Manner.CUT_SHORT, null, false, garbage, "");
    }
    for (int i = kind < 8 ? 0 : random.nextInt(1, 3); i > 0; i--) {
      spoiler.spoil(random, draft, operation);
    }
    return finished(random, operation, draft, number, port);
  }

  private static FuzzRequest finished(
      RandomGenerator random, Operation operation, FuzzDraft draft, long number, int port) {
    String name = operation.getOperationId();
    String trace = draft.traceparent.contains(draft.trace) ? draft.trace : null;
    if (draft.manner() == Manner.REFUSED && draft.method.equals("HEAD")) {
      // Whether it is answered as one depends on how soon it is refused.
      draft.method = "GET";
    }
    Manner manner = draft.manner();
    boolean toHead = draft.method.equals("HEAD");
    if (manner == Manner.ANSWERED && draft.body != null && random.nextInt(16) == 0) {
      draft.headers.add("Expect: 100-continue");
      return new FuzzRequest(
          number, name, port, Manner.EXPECTING, trace, toHead, draft.head(), draft.content());
    }
    String bytes = draft.head() + draft.content();
    String known = manner == Manner.ANSWERED ? trace : null;
    return new FuzzRequest(number, name, port, manner, known, toHead, bytes, "");
  }

  private int ownPort(RandomGenerator random, Operation operation) {
    String named = operation.getOpenAPIModel().getString("x-service", "view");
    Routes.Service service = Routes.Service.valueOf(named.toUpperCase(Locale.ROOT));
    boolean another = random.nextInt(8) == 0;
    return place.portOf(another ? any(random, List.of(Routes.Service.values())) : service);
  }

  private FuzzDraft valid(RandomGenerator random, Operation operation, String trace) {
    FuzzDraft draft = new FuzzDraft(trace);
    draft.method = operation.getHttpMethod().name();
    draft.path = operation.getOpenAPIPath();
    for (Parameter parameter : operation.getParameters()) {
      JsonObject schema = parameter.getOpenAPIModel().getJsonObject("schema", new JsonObject());
      String value = String.valueOf(values.valid(random, parameter.getName(), schema));
      if (parameter.getIn() == Location.PATH) {
        draft.path = draft.path.replace("{" + parameter.getName() + "}", encoded(value));
      } else if (!parameter.isRequired() && random.nextBoolean()) {
        continue;
      } else if (parameter.getIn() == Location.QUERY) {
        draft.query.add(parameter.getName() + "=" + encoded(value));
      } else {
        draft.headers.add(parameter.getName() + ": " + latin(value));
      }
    }
    List<String> roles = operation.getTags().stream().filter(tokens::containsKey).toList();
    String role = roles.isEmpty() ? any(random, List.copyOf(tokens.keySet())) : any(random, roles);
    draft.authorization = "Bearer " + any(random, tokens.get(role));
    JsonObject json = json(operation);
    if (json != null) {
      JsonObject schema = json.getJsonObject("schema");
      draft.body = latin(FuzzValues.encode(values.valid(random, "", schema)));
      draft.chunked = random.nextInt(8) == 0;
    }
    return draft;
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The bytes of its UTF-8, one character each. */
  static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** What an operation says of its body; null for none. */
  static JsonObject json(Operation operation) {
    return operation.getRequestBody() == null
        ? null
        : operation
            .getRequestBody()
            .getOpenAPIModel()
            .getJsonObject("content")
            .getJsonObject("application/json");
  }

  private FuzzRequest feed(
      RandomGenerator random, Operation operation, FuzzDraft draft, long number, int port) {
    boolean good = random.nextInt(4) > 0;
    draft.headers.add("Connection: Upgrade");
    draft.headers.add("Upgrade: websocket");
    draft.headers.add(
        good
            ? "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            : any(random, HANDSHAKES));
    if (!good) {
      draft.method = random.nextInt(3) == 0 ? FuzzSpoiler.method(random) : draft.method;
      FuzzSpoiler.spoilQuery(random, draft);
    }
    draft.headers.remove("");
    // A ticket is used up at the first time, so it would seldom get anybody in.
    if (random.nextInt(4) > 0) {
      draft.query.removeIf(parameter -> parameter.startsWith("ticket="));
    }
    FuzzGarbage.Frames frames = FuzzGarbage.frames(random);
    String name = operation.getOperationId() + (frames.ended() ? "" : ", cut short");
    Manner manner = draft.manner() == Manner.ANSWERED ? Manner.FEED : draft.manner();
    boolean toHead = manner == Manner.FEED && draft.method.equals("HEAD");
    String trace = manner == Manner.FEED ? draft.trace : null;
    return new FuzzRequest(number, name, port, manner, trace, toHead, draft.head(), frames.bytes());
  }
}
