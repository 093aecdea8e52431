package cinema.local;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values by JSON schemas: such as are asked for, and such as nearly are. What the product calls
 * things is learnt from its document and its answers, so that some requests get past the door.
 */
final class FuzzValues {
  private static final Pattern NAMED = Pattern.compile("\"(\\w+)\":\"([^\"\\\\]{1,100})\"");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final String ANY_ID = "uuid";
  private static final int REMEMBERED = 32;
  private static final int MOST_LEARNT = 100;
  private static final int ATTEMPTS = 30;

  private static final List<String> TEXTS =
      List.of(
          "a", "7", "lobby", "No ice, please.", "010-1234-5678", "김하늘", "🍿 x", "A,B", "e\u0301");

  /** JSON that no encoder writes. */
  private record Raw(String json) {}

  private static final List<Object> ODD =
      List.of(
          true,
          0,
          -1,
          51,
          1.5,
          "",
          " ",
          "51",
          "null",
          "NO_SUCH_WORD",
          "019aa29d-df20-7c11-9d52",
          "ffffffff-ffff-ffff-ffff-fffffffffffg",
          "2026-11-20T19:05:08.096Z",
          "' OR 1=1; --",
          "${jndi:ldap://127.0.0.1:1/a}",
          "../../etc/passwd",
          "\u202e\u0007\u007f",
          "\uffff\ufeff",
          List.of(),
          Map.of(),
          new Raw("null"),
          new Raw("1.0"),
          new Raw("1e2"),
          new Raw("-0"),
          new Raw("01"),
          new Raw("1e400"),
          new Raw("-1E999999999"),
          new Raw("1e-999999999"),
          new Raw("NaN"),
          new Raw("2147483648"),
          new Raw("9223372036854775808"),
          new Raw("\"\\u0000\""),
          new Raw("\"\\ud83c\""),
          new Raw("\"\\udf7f\\ud83c\""),
          new Raw("\"\u0001\n\""),
          new Raw("\"\\x\""),
          new Raw("\"open"),
          new Raw("'single'"),
          new Raw("//comment\n1"),
          new Raw("{\"__proto__\":{\"@type\":\"x\"}}"),
          new Raw(""));

  private final Map<String, String[]> words = new ConcurrentHashMap<>();
  private int learnt;

  /** Makes a name one whose values are learnt. */
  void learn(String name, String value) {
    words.computeIfAbsent(name, first -> new String[REMEMBERED]);
    keep(name, value);
  }

  /** Remembers the latest values of the names that are learnt, and of ids. */
  void learn(CharSequence json) {
    Matcher named = NAMED.matcher(json);
    for (int i = 0; i < MOST_LEARNT && named.find(); i++) {
      keep(named.group(1), named.group(2));
      if (ID.matcher(named.group(2)).matches()) {
        learn(ANY_ID, named.group(2));
      }
    }
  }

  private void keep(String name, String value) {
    String[] known = words.get(name);
    if (known != null) {
      synchronized (known) {
        known[Math.floorMod(learnt++, REMEMBERED)] = value;
      }
    }
  }

  /**
   * @return null for none
   */
  private String learnt(RandomGenerator random, String name) {
    int at = random.nextInt(REMEMBERED);
    String[] known = words.get(name);
    for (int i = 0; known != null && i < REMEMBERED; i++) {
      String word = known[(at + i) % REMEMBERED];
      if (word != null) {
        return word;
      }
    }
    return null;
  }

  Object valid(RandomGenerator random, String name, JsonObject schema) {
    JsonObject whole = merged(schema);
    if (whole.containsKey("enum")) {
      return any(random, whole.getJsonArray("enum").stream().toList());
    }
    return switch (type(random, whole)) {
      case "object" -> object(random, whole);
      case "array" -> list(random, name, whole);
      case "integer", "number" -> number(random, whole);
      case "boolean" -> random.nextBoolean();
      case "null" -> new Raw("null");
      default -> text(random, name, whole);
    };
  }

  private static JsonObject merged(JsonObject schema) {
    JsonObject merged = new JsonObject();
    for (Object part : schema.getJsonArray("allOf", new JsonArray())) {
      merged.mergeIn(merged((JsonObject) part));
    }
    return merged.mergeIn(schema);
  }

  private static String type(RandomGenerator random, JsonObject schema) {
    Object type = schema.getValue("type", "string");
    return type instanceof JsonArray several
        ? several.getString(random.nextInt(several.size()))
        : (String) type;
  }

  private Map<String, Object> object(RandomGenerator random, JsonObject schema) {
    Map<String, Object> object = new LinkedHashMap<>();
    JsonObject properties = schema.getJsonObject("properties", new JsonObject());
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    for (String name : properties.fieldNames()) {
      if (required.contains(name) || random.nextBoolean()) {
        object.put(name, valid(random, name, properties.getJsonObject(name)));
      }
    }
    if (object.isEmpty() && !properties.isEmpty()) {
      String name = any(random, List.copyOf(properties.fieldNames()));
      object.put(name, valid(random, name, properties.getJsonObject(name)));
    }
    return object;
  }

  private List<Object> list(RandomGenerator random, String name, JsonObject schema) {
    int least = schema.getInteger("minItems", 0);
    int most = Math.min(schema.getInteger("maxItems", 5), least + 4);
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(least, most + 1); i > 0; i--) {
      list.add(valid(random, name, schema.getJsonObject("items", new JsonObject())));
    }
    return list;
  }

  private static long number(RandomGenerator random, JsonObject schema) {
    long least = schema.getLong("minimum", 0L);
    long most = schema.getLong("maximum", least + 1000);
    return switch (random.nextInt(4)) {
      case 0 -> least;
      case 1 -> most;
      default -> random.nextLong(least, most + 1);
    };
  }

  private String text(RandomGenerator random, String name, JsonObject schema) {
    for (int i = 0; i < ATTEMPTS; i++) {
      String text = i < 3 ? learnt(random, name) : made(random, schema);
      if (text != null && fits(schema, text)) {
        return text;
      }
    }
    return String.valueOf(schema.getValue("default", "a"));
  }

  private String made(RandomGenerator random, JsonObject schema) {
    if ("uuid".equals(schema.getString("format"))) {
      String known = random.nextBoolean() ? learnt(random, ANY_ID) : null;
      return known != null ? known : new UUID(random.nextLong(), random.nextLong()).toString();
    }
    String text = any(random, TEXTS);
    int most = schema.getInteger("maxLength", 100) / text.codePointCount(0, text.length());
    return switch (random.nextInt(4)) {
      case 0 -> text.repeat(Math.max(1, most));
      case 1 -> text.repeat(random.nextInt(1, Math.max(2, most)));
      default -> text;
    };
  }

  private static boolean fits(JsonObject schema, String text) {
    int length = text.codePointCount(0, text.length());
    JsonObject not = schema.getJsonObject("not", new JsonObject());
    return length >= schema.getInteger("minLength", 0)
        && length <= schema.getInteger("maxLength", Integer.MAX_VALUE)
        && has(schema, text)
        && !(not.containsKey("pattern") && has(not, text))
        && (!"uuid".equals(schema.getString("format")) || ID.matcher(text).matches());
  }

  private static boolean has(JsonObject schema, String text) {
    String pattern = schema.getString("pattern");
    return pattern == null || Pattern.compile(pattern).matcher(text).find();
  }

  /** The same but for one thing, somewhere in it. */
  Object spoilt(RandomGenerator random, Object value) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(8) > 0) {
      return spoiltObject(random, map);
    }
    if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(8) > 0) {
      return spoiltList(random, list);
    }
    if (value instanceof String text && random.nextInt(4) == 0) {
      return any(random, List.of(text + "\u0000", text + "\n", text.repeat(500), "\\" + text));
    }
    return odd(random);
  }

  private Object spoiltObject(RandomGenerator random, Map<?, ?> object) {
    Map<Object, Object> spoilt = new LinkedHashMap<>(object);
    Object name = any(random, List.copyOf(object.keySet()));
    switch (random.nextInt(8)) {
      case 0 -> spoilt.remove(name);
      case 1 -> spoilt.put(oddName(random), odd(random));
      case 2 -> spoilt.put(name, object);
      case 3 -> {
        String twice = encode(Map.of(name, random.nextBoolean() ? object.get(name) : odd(random)));
        return new Raw(encode(object).replaceFirst("}$", "") + "," + twice.substring(1));
      }
      default -> spoilt.put(name, spoilt(random, object.get(name)));
    }
    return spoilt;
  }

  private Object spoiltList(RandomGenerator random, List<?> list) {
    List<Object> spoilt = new ArrayList<>(list);
    int at = random.nextInt(list.size());
    switch (random.nextInt(5)) {
      case 0 -> spoilt.clear();
      case 1 -> {
        int copies = random.nextBoolean() ? 30 : 300;
        for (int i = 0; i < copies; i++) {
          spoilt.add(list.get(at));
        }
      }
      case 2 -> spoilt.set(at, list);
      default -> spoilt.set(at, spoilt(random, list.get(at)));
    }
    return spoilt;
  }

  private static String oddName(RandomGenerator random) {
    return any(
        random,
        List.of(
            "", "vip", "a/b~c", "\u0000", "__proto__", "BARID", "x".repeat(3000), "😀", "a[0]"));
  }

  static Object odd(RandomGenerator random) {
    int depth = any(random, List.of(30, 600, 1100, 2500));
    return switch (random.nextInt(14)) {
      case 0 -> "x".repeat(any(random, List.of(61, 281, 4000, 17_000)));
      case 1 -> "🍿".repeat(random.nextInt(1, 400));
      case 2 -> new Raw("[".repeat(depth) + "]".repeat(depth));
      case 3 -> new Raw("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
      case 4 -> new Raw("9".repeat(random.nextInt(1, 3000)));
      case 5 -> new Raw("0." + "0".repeat(random.nextInt(1, 3000)) + "1");
      default -> any(random, ODD);
    };
  }

  static <T> T any(RandomGenerator random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  static String encode(Object value) {
    return switch (value) {
      case Raw raw -> raw.json;
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> Json.encode(entry.getKey()) + ":" + encode(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(FuzzValues::encode).collect(Collectors.joining(",", "[", "]"));
      default -> Json.encode(value);
    };
  }
}
