package cinema.local;

import static cinema.local.FuzzRequests.encoded;
import static cinema.local.FuzzRequests.json;
import static cinema.local.FuzzRequests.latin;
import static cinema.local.FuzzValues.any;

import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes requests wrong that were right: here and there, and in every way that was thought of. */
final class FuzzSpoiler {
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

  private final FuzzValues values;
  private final Map<String, List<String>> tokens;

  /**
   * @param tokens by the tag of the operations that they are for
   */
  FuzzSpoiler(FuzzValues values, Map<String, List<String>> tokens) {
    this.values = values;
    this.tokens = tokens;
  }

  /** Makes one thing about it wrong. */
  void spoil(RandomGenerator random, FuzzDraft draft, Operation operation) {
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
  static String method(RandomGenerator random) {
    return random.nextInt(4) == 0
        ? "M-" + Long.toHexString(random.nextLong())
        : any(random, METHODS);
  }

  private static void spoilPath(RandomGenerator random, FuzzDraft draft) {
    String odd =
        switch (random.nextInt(8)) {
          case 0 -> "x".repeat(random.nextInt(1, 6000));
          case 1 -> encoded(FuzzGarbage.random(random, random.nextInt(1, 40)));
          case 2 -> "x/".repeat(random.nextInt(1, 2040)) + "x";
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

  static void spoilQuery(RandomGenerator random, FuzzDraft draft) {
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

  private void spoilBody(RandomGenerator random, FuzzDraft draft, Operation operation) {
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
}
