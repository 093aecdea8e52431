package cinema.shared.service;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Which request this work belongs to, by W3C Trace Context (level 2).
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param correlationId the caller's own word for it; the trace id when it had none
 */
public record Trace(String traceId, String spanId, String correlationId) {

  /** Of a version after 00, which may add parts, what is known is read; ff is no version. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private static final Pattern CORRELATION_ID = Pattern.compile("[!-~]{1,128}");

  /** A trace that begins here. */
  public static Trace begin() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    String traceId = hex.toHexDigits(random.nextLong() | 1L) + hex.toHexDigits(random.nextLong());
    return new Trace(traceId, hex.toHexDigits(random.nextLong() | 1L), traceId);
  }

  /**
   * Goes on with what the caller sent; what cannot be read is passed over, as the standard asks.
   *
   * @param traceparent may be null
   * @param correlationId may be null
   */
  public static Trace of(String traceparent, String correlationId) {
    Trace begun = begin();
    String traceId = begun.traceId;
    if (traceparent != null) {
      var matcher = TRACEPARENT.matcher(traceparent);
      if (matcher.matches()) {
        traceId = matcher.group(1);
      }
    }
    boolean usable = correlationId != null && CORRELATION_ID.matcher(correlationId).matches();
    return new Trace(traceId, begun.spanId, usable ? correlationId : traceId);
  }

  /** For {@code traceparent} and {@code traceresponse} headers. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + "-01";
  }
}
