package cinema.local;

import static cinema.local.FuzzValues.any;

import cinema.shared.contract.Routes;
import cinema.shared.service.WebServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Requests by the OpenAPI document: as it asks for them, nearly so, and not at all. The same seed
 * and number make the same request, but for ids and tokens, which are those of the run.
 */
final class FuzzRequests {
  /** What is to become of a request. */
  enum Manner {
    /** It is well-formed, so it is answered. */
    ANSWERED,
    /** It is answered, or the connection is closed. */
    REFUSED,
    /** The server may wait for more; told that nothing comes, it closes. */
    CUT_SHORT,
    /** What follows does so once the server has said that it wants it. */
    EXPECTING,
    /** It opens a feed; frames follow. */
    FEED
  }

  /**
   * One request.
   *
   * @param trace the trace id that its answer has to name; null for any
   * @param toHead whether its answer has no body
   * @param bytes one character each
   * @param later what follows once the server has said something; may be empty
   */
  record Request(
      long number,
      String operation,
      int port,
      Manner manner,
      String trace,
      boolean toHead,
      String bytes,
      String later) {
    /** So that a shell's {@code printf '%b'} makes it again. */
    @Override
    public String toString() {
      return "%d: %s at port %d, %s%n  %s%n  %s"
          .formatted(number, operation, port, manner, escaped(bytes), escaped(later));
    }

    /** What is repeated is told once. */
    private static String escaped(String bytes) {
      return Pattern.compile("(.{1,20}?)\\1{29,}", Pattern.DOTALL)
          .matcher(bytes)
          .replaceAll(run -> "[" + run.group().length() + " of these]$1")
          .chars()
          .mapToObj(
              c ->
                  c >= ' ' && c < 127 && c != '\\' && c != '\''
                      ? Character.toString(c)
                      : c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\x%02x".formatted(c))
          .collect(Collectors.joining());
    }
  }

  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEADERS = 8192;

  private static final List<String> METHODS =
      words(
          """
          GET HEAD POST PUT PATCH DELETE OPTIONS TRACE get
          """);

  private static final List<String> SEGMENTS =
      words(
          """
          / . .. %2e%2e %2E. ..; %2F %5c %00 %0d%0a %zz % %f %C0%AF %ED%A0%80 %F0%9F%8D%BF
          %25%30%30 * ~ ;a=b :barId {barId} @ null -1 %20 +
          019aa29d-df20-7c11-9d52-7f6b0a1c2d3 1-1-1-1-1
          """);

  private static final List<String> QUERIES =
      words(
          """
          & = &&& % %zz=%zz limit limit= limit=1e2 limit=+5 limit=050
          limit=99999999999999999999 limit=1.0 limit=null limit=%00 limit=[1] limit=1&limit=2
          limit=true status=, status=PLACED,,READY status=placed status=PLACED&status=READY
          status=ALL,PLACED status=%F0%9F%8D%BF cursor=%00 before=x before=1-1-1-1-1
          acknowledged=TRUE acknowledged=1 ticket=%00 ticket= epoch=%00&since=0
          epoch=x&since=-1 epoch=x&since=9223372036854775808 epoch=%ED%A0%80&since=1
          since=%C0%AF a[b]=c __proto__=1 x=%u0041 a=b=c
          """);

  private static final List<String> HEADERS =
      List.of(
          "Idempotency-Key: ",
          "Idempotency-Key: a b",
          "Idempotency-Key: \u00e9\u00ff",
          "Idempotency-Key: a\tb",
          "Idempotency-Key: " + "k".repeat(256),
          "Idempotency-Key: one\r\nIdempotency-Key: two",
          "Idempotency-Key: '; DROP TABLE x",
          "x-correlation-id: \u00e9",
          "x-correlation-id: " + "c".repeat(4000),
          "x-correlation-id: a\r\nx-correlation-id: b",
          "tracestate: =,=,=",
          "Accept: text/html",
          "Accept: ;q=x,*/",
          "Accept-Encoding: gzip;q=0, br, *;q=9",
          "Accept-Language: \u00ff",
          "Content-Encoding: gzip",
          "Content-Language: x",
          "Cookie: =;;a;\u0001=\"",
          "Range: bytes=9-1",
          "If-None-Match: *",
          "If-Modified-Since: yesterday",
          "Expect: something",
          "TE: trailers, x",
          "Upgrade: websocket",
          "Connection: upgrade\r\nUpgrade: websocket",
          "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x",
          "Connection: close",
          "Connection: keep-alive, close, Authorization, Host, traceparent",
          "Keep-Alive: timeout=-1",
          "Proxy-Connection: keep-alive",
          "Proxy-Authorization: x",
          "Origin: null",
          "Max-Forwards: 0",
          "X-Forwarded-For: ::1, unknown",
          "Forwarded: for=\"_x;by=",
          "X-Http-Method-Override: DELETE",
          "Sec-WebSocket-Key: x",
          "Sec-WebSocket-Version: 0",
          "Sec-WebSocket-Protocol: a, b",
          "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
          "Via: 1.1 x",
          "Date: tomorrow",
          "Authorization: x",
          "a: " + "b".repeat(6000),
          "x-odd!#$%&'*+.^_`|~: y");

  private static final List<String> TRACEPARENTS =
      List.of(
          "",
          "00",
          "00-0-0-00",
          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
          "\u00ff",
          "a".repeat(3000),
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
          "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-" + "-x".repeat(900));

  private static final List<String> MEDIA_TYPES =
      List.of(
          "",
          "text/plain",
          "application/jsonx",
          "application/json; charset=utf-16",
          "APPLICATION/JSON",
          "application/json;;;",
          "application/xml",
          "application/x-www-form-urlencoded",
          "*/*",
          "/",
          "multipart/form-data",
          "multipart/form-data; boundary=x",
          "application/problem+json",
          "\u00ff");

  private static final List<String> BODIES =
      List.of(
          "", " ", "{", "}", "{}", "[]", "null", "0", "\"x\"", "{\"a\":1}{\"b\":2}", "a=b", "<a/>");

  /** Which no decoder of UTF-8 takes. */
  private static final List<String> BYTES =
      List.of(
          "\u00ff",
          "\u00c0\u0080",
          "\u00ed\u00a0\u0080",
          "\u00f0\u009f",
          "\u0000",
          "\u00ef\u00bb\u00bf");

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

  private static JsonObject json(Operation operation) {
    return operation.getRequestBody() == null
        ? null
        : operation
            .getRequestBody()
            .getOpenAPIModel()
            .getJsonObject("content")
            .getJsonObject("application/json");
  }

  private static JsonObject example(Operation operation) {
    JsonObject json = json(operation);
    return json == null ? new JsonObject() : json.getJsonObject("example", new JsonObject());
  }

  /** One that is being written. */
  private static final class Draft {
    final String trace;
    String method;
    String path;
    final List<String> query = new ArrayList<>();
    final List<String> headers = new ArrayList<>();
    String traceparent;
    String authorization = "";
    String mediaType = "application/json";
    String body;
    boolean chunked;

    Draft(String trace) {
      this.trace = trace;
      this.traceparent = "00-" + trace + "-00f067aa0ba902b7-01";
    }

    String line() {
      String asked = query.isEmpty() ? "" : "?" + String.join("&", query);
      return method + " " + path + asked + " HTTP/1.1\r\n";
    }

    String head() {
      StringBuilder head = new StringBuilder(line()).append("Host: 127.0.0.1\r\n");
      head.append("traceparent: ").append(traceparent).append("\r\n");
      if (!authorization.isEmpty()) {
        head.append("Authorization: ").append(authorization).append("\r\n");
      }
      headers.forEach(header -> head.append(header).append("\r\n"));
      if (body != null) {
        head.append("Content-Type: ").append(mediaType).append("\r\n");
        head.append(
            chunked
                ? "Transfer-Encoding: chunked\r\n"
                : "Content-Length: " + body.length() + "\r\n");
      }
      return head.append("\r\n").toString();
    }

    String content() {
      if (body == null || !chunked) {
        return body == null ? "" : body;
      }
      StringBuilder chunks = new StringBuilder();
      for (int from = 0; from < body.length(); from += 1000) {
        String chunk = body.substring(from, Math.min(body.length(), from + 1000));
        chunks
            .append(Integer.toHexString(chunk.length()))
            .append("\r\n")
            .append(chunk)
            .append("\r\n");
      }
      return chunks.append("0\r\n\r\n").toString();
    }

    /** Of what is too large the rest may go unread, and with it the answer. */
    Manner manner() {
      boolean large =
          line().length() > LONGEST_LINE
              || head().length() - line().length() > LONGEST_HEADERS
              || content().length() > WebServer.MOST_BODY;
      return large ? Manner.REFUSED : Manner.ANSWERED;
    }
  }

  Request request(long number) {
    RandomGenerator random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    Operation operation = any(random, operations);
    Draft draft = valid(random, operation, "%016x%016x".formatted(seed | 1, number));
    int port = random.nextInt(5) < 3 ? place.port() : ownPort(random, operation);
    if (operation.getResponse(101) != null && random.nextInt(4) > 0) {
      return feed(random, operation, draft, number, port);
    }
    int kind = random.nextInt(16);
    if (kind < 3) {
      String garbage = FuzzGarbage.request(random, draft.head() + draft.content());
      String name = operation.getOperationId() + ", as garbage";
      return new Request(number, name, port, Manner.CUT_SHORT, null, false, garbage, "");
    }
    for (int i = kind < 8 ? 0 : random.nextInt(1, 3); i > 0; i--) {
      spoil(random, draft, operation);
    }
    return finished(random, operation, draft, number, port);
  }

  private static Request finished(
      RandomGenerator random, Operation operation, Draft draft, long number, int port) {
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
      return new Request(
          number, name, port, Manner.EXPECTING, trace, toHead, draft.head(), draft.content());
    }
    String bytes = draft.head() + draft.content();
    String known = manner == Manner.ANSWERED ? trace : null;
    return new Request(number, name, port, manner, known, toHead, bytes, "");
  }

  private int ownPort(RandomGenerator random, Operation operation) {
    String named = operation.getOpenAPIModel().getString("x-service", "view");
    Routes.Service service = Routes.Service.valueOf(named.toUpperCase(Locale.ROOT));
    boolean another = random.nextInt(8) == 0;
    return place.portOf(another ? any(random, List.of(Routes.Service.values())) : service);
  }

  private Draft valid(RandomGenerator random, Operation operation, String trace) {
    Draft draft = new Draft(trace);
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

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The bytes of its UTF-8, one character each. */
  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void spoil(RandomGenerator random, Draft draft, Operation operation) {
    switch (random.nextInt(10)) {
      case 0 -> draft.method = method(random);
      case 1 -> spoilPath(random, draft);
      case 2 -> spoilQuery(random, draft);
      case 3 -> draft.headers.add(any(random, HEADERS));
      case 4 -> draft.authorization = token(random, draft.authorization);
      case 5 -> draft.traceparent = any(random, TRACEPARENTS);
      case 6 -> {
        draft.mediaType = any(random, MEDIA_TYPES);
        draft.body = draft.body == null ? any(random, BODIES) : draft.body;
      }
      default -> spoilBody(random, draft, operation);
    }
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  /** Made-up ones are never the same. */
  private static String method(RandomGenerator random) {
    return random.nextInt(4) == 0
        ? "M-" + Long.toHexString(random.nextLong())
        : any(random, METHODS);
  }

  private static void spoilPath(RandomGenerator random, Draft draft) {
    String odd =
        switch (random.nextInt(8)) {
          case 0 -> "x".repeat(random.nextInt(1, 6000));
          case 1 -> encoded(FuzzGarbage.random(random, random.nextInt(1, 40)));
          default -> any(random, SEGMENTS);
        };
    String[] segments = draft.path.split("/");
    switch (random.nextInt(4)) {
      case 0 -> draft.path = draft.path + "/" + odd;
      case 1 -> draft.path = "/" + odd + draft.path;
      default -> {
        if (segments.length > 0) {
          segments[random.nextInt(segments.length == 1 ? 0 : 1, segments.length)] = odd;
        }
        String path = String.join("/", segments);
        draft.path = path.startsWith("/") ? path : "/" + path;
      }
    }
  }

  private static void spoilQuery(RandomGenerator random, Draft draft) {
    switch (random.nextInt(5)) {
      case 0 -> draft.query.add("status=" + "A,".repeat(random.nextInt(1, 1900)) + "A");
      case 1 -> draft.query.add("x".repeat(random.nextInt(1, 5000)) + "=y");
      case 2 -> draft.query.addAll(Arrays.asList("a=b&".repeat(random.nextInt(1, 900)).split("&")));
      case 3 -> draft.query.addAll(List.copyOf(draft.query));
      default -> draft.query.add(any(random, QUERIES));
    }
  }

  private String token(RandomGenerator random, String good) {
    String[] parts = good.split("\\.");
    String odd = FuzzValues.encode(FuzzValues.odd(random));
    return switch (random.nextInt(10)) {
      case 0, 1 -> "";
      case 2, 3 -> "Bearer " + any(random, any(random, List.copyOf(tokens.values())));
      case 4 ->
          any(
              random,
              List.of("Bearer", "Bearer ", "bearer x", "Basic Og==", "Bearer ..", "\u00ff"));
      case 5 -> parts[0] + ".." + parts[parts.length - 1];
      case 6 -> parts[0] + "." + base64("{\"iss\":" + odd + ",\"sub\":" + odd + "}") + ".x";
      case 7 -> "Bearer " + base64("{\"alg\":" + odd + "}") + "." + parts[1 % parts.length] + ".x";
      case 8 -> good.substring(0, random.nextInt(good.length() + 1));
      default -> good + any(random, List.of("x", ".", " ", "=", ",Bearer x", "\u00e9"));
    };
  }

  private static String base64(String text) {
    String part = text.length() > 2000 ? text.substring(0, 2000) : text;
    return Base64.getUrlEncoder().encodeToString(part.getBytes(StandardCharsets.UTF_8));
  }

  private void spoilBody(RandomGenerator random, Draft draft, Operation operation) {
    JsonObject json = json(operation);
    if (json == null) {
      draft.body = any(random, BODIES);
      return;
    }
    Object value = values.valid(random, "", json.getJsonObject("schema"));
    String body = latin(FuzzValues.encode(value));
    int at = random.nextInt(body.length());
    draft.body =
        switch (random.nextInt(10)) {
          case 0 -> body.substring(0, at);
          case 1 -> body.substring(0, at) + any(random, BYTES) + body.substring(at);
          case 2 -> any(random, BODIES);
          case 3 -> body + " ".repeat(random.nextInt(16_000, 17_000));
          case 4 -> body.repeat(random.nextInt(2, 200));
          default -> latin(FuzzValues.encode(values.spoilt(random, value)));
        };
  }

  private Request feed(
      RandomGenerator random, Operation operation, Draft draft, long number, int port) {
    boolean good = random.nextInt(4) > 0;
    draft.headers.add("Connection: Upgrade");
    draft.headers.add("Upgrade: websocket");
    draft.headers.add(
        good
            ? "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            : any(random, HANDSHAKES));
    if (!good) {
      draft.method = random.nextInt(3) == 0 ? method(random) : draft.method;
      spoilQuery(random, draft);
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
    return new Request(number, name, port, manner, trace, toHead, draft.head(), frames.bytes());
  }
}
