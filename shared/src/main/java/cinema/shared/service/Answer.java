package cinema.shared.service;

import java.util.Map;

/**
 * What a handler answers.
 *
 * @param body written as JSON; null for no body
 */
public record Answer(int status, Object body, Map<String, String> headers) {
  public static Answer ok(Object body) {
    return new Answer(200, body, Map.of());
  }

  public static Answer of(int status, Object body) {
    return new Answer(status, body, Map.of());
  }

  public Answer location(String path) {
    return new Answer(status, body, Map.of("Location", path));
  }
}
