package cinema.shared.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.stream.Collectors;

/**
 * JSON as every service writes and reads it: RFC 3339 UTC times, absent rather than null, and
 * unknown fields passed over, so that a newer service may say more to an older one.
 */
public final class Wire {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Times())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .defaultPropertyInclusion(
              JsonInclude.Value.empty()
                  .withValueInclusion(Include.NON_NULL)
                  .withContentInclusion(Include.NON_NULL))
          .build();

  private Wire() {}

  /** A time as events and answers have it: RFC 3339, UTC, as {@link Instant#toString()}. */
  public static String text(Instant time) {
    return Times.text(time);
  }

  public static String encode(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass().getName(), e);
    }
  }

  /**
   * @throws Unreadable when the text is not JSON or not of that shape
   */
  public static <T> T decode(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new Unreadable(type.getSimpleName() + ": cannot be read" + place(e));
    }
  }

  /**
   * Where it is not as promised, and nothing of what stands there: Jackson's own message quotes it,
   * and this one is logged.
   */
  private static String place(JsonProcessingException failure) {
    String path =
        failure instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(
                    each ->
                        each.getFieldName() == null
                            ? "[" + each.getIndex() + "]"
                            : "." + each.getFieldName())
                .collect(Collectors.joining())
            : "";
    JsonLocation location = failure.getLocation();
    return (path.isEmpty() ? "" : " at " + path.replaceFirst("^\\.", ""))
        + (location == null ? "" : ", column " + location.getColumnNr());
  }

  /** Text that is not what was promised. */
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message) {
      super(message);
    }
  }
}
