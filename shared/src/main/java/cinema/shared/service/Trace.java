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
 * @param sampled whether spans of it are kept, as the caller has said
 */
public record Trace(String traceId, String spanId, String correlationId, boolean sampled) {

  /** Of a version after 00, which may add parts, what is known is read; ff is no version. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]([0-9a-f])(-.*)?");

  private static final Pattern CORRELATION_ID = Pattern.compile("[!-~]{1,128}");

  /** A trace that begins here. */
  public static Trace begin() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    String traceId = hex.toHexDigits(random.nextLong() | 1L) + hex.toHexDigits(random.nextLong());
    return new Trace(traceId, hex.toHexDigits(random.nextLong() | 1L), traceId, true);
  }

  /**
   * Goes on with what the caller sent; what cannot be read is passed over, as the standard asks.
   *
   * @param traceparent may be null
   * @param correlationId may be null
   */
  public static Trace of(String traceparent, String correlationId) {
    Trace begun = begin();
    Trace sent = readable(traceparent);
    Trace here =
        sent == null ? begun : new Trace(sent.traceId, begun.spanId, sent.traceId, sent.sampled);
    return here.correlatedBy(correlationId);
  }

  /**
   * What was kept or sent with an event, to go on from; begins one when it cannot be read.
   *
   * @param traceparent may be null
   * @param correlationId may be null
   */
  public static Trace from(String traceparent, String correlationId) {
    Trace sent = readable(traceparent);
    return (sent == null ? begin() : sent).correlatedBy(correlationId);
  }

  /**
   * What the caller sent, with the caller's own span.
   *
   * @param traceparent may be null
   * @return null when it cannot be read
   */
  public static Trace readable(String traceparent) {
    var matcher = traceparent == null ? null : TRACEPARENT.matcher(traceparent);
    if (matcher == null || !matcher.matches()) {
      return null;
    }
    boolean sampled = (Character.digit(matcher.group(3).charAt(0), 16) & 1) == 1;
    return new Trace(matcher.group(1), matcher.group(2), matcher.group(1), sampled);
  }

  /**
   * The same with the caller's own word for it.
   *
   * @param correlationId null, and what is too long or unprintable, for none
   */
  Trace correlatedBy(String correlationId) {
    boolean usable = correlationId != null && CORRELATION_ID.matcher(correlationId).matches();
    return usable ? new Trace(traceId, spanId, correlationId, sampled) : this;
  }

  /** For {@code traceparent} and {@code traceresponse} headers. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
