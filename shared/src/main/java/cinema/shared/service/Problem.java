package cinema.shared.service;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * What went wrong, as {@code application/problem+json} says it (RFC 9457).
 *
 * @param type a relative URI whose last word programs may rely on
 * @param errors each bad field; null when the problem is not about fields
 * @param more further members of the problem, such as the current status; may be empty
 * @param retryAfterSeconds for the {@code Retry-After} header; null when waiting does not help
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    List<FieldError> errors,
    @JsonAnyGetter Map<String, Object> more,
    @JsonIgnore Integer retryAfterSeconds) {

  /**
   * @param field such as {@code lines[0].quantity}, or {@code header Idempotency-Key}
   */
  public record FieldError(String field, String message) {}

  public static Problem of(int status, String word, String title, String detail) {
    return new Problem("/problems/" + word, title, status, detail, null, Map.of(), null);
  }

  public static Problem badRequest(String detail) {
    return of(400, "bad-request", "The request cannot be read", detail);
  }

  public static Problem invalid(List<FieldError> errors) {
    String detail = errors.getFirst().field() + " " + errors.getFirst().message();
    return new Problem(
        "/problems/invalid", "Some fields are not right", 422, detail, errors, Map.of(), null);
  }

  public static Problem unauthorized(String detail) {
    return of(401, "unauthorized", "Who is asking?", detail);
  }

  public static Problem forbidden(String detail) {
    return of(403, "forbidden", "Not allowed", detail);
  }

  public static Problem notFound(String what) {
    return of(404, "not-found", "Not found", "There is no such " + what + ".");
  }

  public static Problem unavailable(String detail) {
    return of(503, "unavailable", "Not possible at the moment", detail).retryAfter(1);
  }

  /** Something was asked for and whether it was done is not known; to ask again tells. */
  public static Problem unknown(String detail) {
    return of(503, "unknown", "We do not know", detail).retryAfter(1);
  }

  public Problem retryAfter(int seconds) {
    return new Problem(type, title, status, detail, errors, more, seconds);
  }

  public Problem with(String member, Object value) {
    return new Problem(
        type, title, status, detail, errors, Map.of(member, value), retryAfterSeconds);
  }

  /** To be thrown where a value cannot be returned; carries no stack trace, for it is an answer. */
  public Thrown thrown() {
    return new Thrown(this);
  }

  /** A problem on its way to the answer. */
  public static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    private Thrown(Problem problem) {
      super(problem.detail, null, false, false);
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }
}
