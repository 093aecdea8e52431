package cinema.shared.service;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which request this work belongs to, by W3C Trace Context (level 2).
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param correlationId the caller's own word for it; the trace id when it had none
 * @param sampled whether spans of it are kept, as the caller has said
 */
public record Trace(String traceId, String spanId, String correlationId, boolean sampled) {

  /** Where the parts of a traceparent begin, and where what is known of it ends. */
  private static final int TRACE_ID = 3;

  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;
  private static final int END = 55;

  private static final int LONGEST_CORRELATION_ID = 128;

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
    if (traceparent == null || !isTraceparent(traceparent)) {
      return null;
    }
    String traceId = traceparent.substring(TRACE_ID, SPAN_ID - 1);
    boolean sampled = (Character.digit(traceparent.charAt(END - 1), 16) & 1) == 1;
    return new Trace(traceId, traceparent.substring(SPAN_ID, FLAGS - 1), traceId, sampled);
  }

  /**
   * By hand, since every event and every request brings one. Of a version after 00, which may add
   * parts, what is known is read; ff is no version.
   */
  private static boolean isTraceparent(String text) {
    return text.length() >= END
        && isHex(text, 0, TRACE_ID - 1)
        && text.charAt(TRACE_ID - 1) == '-'
        && isHex(text, TRACE_ID, SPAN_ID - 1)
        && !isZero(text, TRACE_ID, SPAN_ID - 1)
        && text.charAt(SPAN_ID - 1) == '-'
        && isHex(text, SPAN_ID, FLAGS - 1)
        && !isZero(text, SPAN_ID, FLAGS - 1)
        && text.charAt(FLAGS - 1) == '-'
        && isHex(text, FLAGS, END)
        && !text.startsWith("ff")
        && (text.length() == END || (!text.startsWith("00") && text.charAt(END) == '-'));
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  /**
   * The same with the caller's own word for it.
   *
   * @param correlationId null, and what is too long or unprintable, for none
   */
  Trace correlatedBy(String correlationId) {
    return correlationId != null && isCorrelationId(correlationId)
        ? new Trace(traceId, spanId, correlationId, sampled)
        : this;
  }

  private static boolean isCorrelationId(String text) {
    if (text.isEmpty() || text.length() > LONGEST_CORRELATION_ID) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '!' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** For {@code traceparent} and {@code traceresponse} headers. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
