package cinema.shared.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import cinema.shared.contract.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * How the log is written: for people, or as one JSON object a line. What a client has sent may be
 * in a line and can never end it.
 */
public final class LogLines extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String SPACE = "    ";

  private static volatile String service = "intermission";

  private final ZoneId zone;
  private boolean json;

  public LogLines() {
    this(ZoneId.systemDefault());
  }

  LogLines(ZoneId zone) {
    this.zone = zone;
  }

  /** As whom this process writes. */
  public static void writeAs(String name) {
    service = name;
  }

  /**
   * @param format {@code json}; everything else is for people
   */
  public void setFormat(String format) {
    this.json = format.equals("json");
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return (json ? Wire.encode(fields(event)) + "\n" : text(event))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> fields(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    // RFC 3339, always with milliseconds, so that lines sort as texts do.
    fields.put("time", UTC.format(event.getInstant()));
    fields.put("level", event.getLevel().toString());
    fields.put("service", service);
    fields.put("logger", event.getLoggerName());
    fields.put("message", event.getFormattedMessage());
    for (KeyValuePair pair : said(event)) {
      boolean plain = pair.value instanceof Number || pair.value instanceof Boolean;
      fields.putIfAbsent(pair.key, plain ? pair.value : String.valueOf(pair.value));
    }
    if (event.getThrowableProxy() != null) {
      fields.put("error", stack(event.getThrowableProxy()).strip());
    }
    return fields;
  }

  private String text(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    String logger = event.getLoggerName();
    Instant time = event.getInstant();
    line.append(TIME.format(time.atZone(zone)))
        .append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(logger.substring(logger.lastIndexOf('.') + 1))
        .append(" - ")
        .append(inOneLine(event.getFormattedMessage()));
    for (KeyValuePair pair : said(event)) {
      line.append(' ').append(pair.key).append('=').append(inOneLine(String.valueOf(pair.value)));
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(stack(event.getThrowableProxy()));
    }
    return line.toString();
  }

  private static List<KeyValuePair> said(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs == null ? List.of() : pairs;
  }

  /** Each of its lines is set in, so that none of them looks like a line of the log. */
  private static String stack(IThrowableProxy failure) {
    StringBuilder lines = new StringBuilder();
    String because = "";
    for (IThrowableProxy each = failure; each != null; each = each.getCause()) {
      String message = each.getMessage() == null ? "" : ": " + inOneLine(each.getMessage());
      lines.append(SPACE).append(because).append(each.getClassName()).append(message).append('\n');
      StackTraceElementProxy[] frames = each.getStackTraceElementProxyArray();
      int own = frames.length - each.getCommonFrames();
      for (int i = 0; i < own; i++) {
        lines.append(SPACE).append(SPACE).append(frames[i].getSTEAsString()).append('\n');
      }
      because = "because of ";
    }
    return lines.toString();
  }

  /** What would end a line, move a terminal's cursor or turn its writing round is spelt out. */
  private static String inOneLine(String text) {
    StringBuilder line = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        if (line != null) {
          line.append(c);
        }
      } else {
        line = line == null ? new StringBuilder(text.substring(0, i)) : line;
        line.append(
            switch (c) {
              case '\n' -> "\\n";
              case '\r' -> "\\r";
              case '\t' -> "\\t";
              default -> "\\u%04x".formatted((int) c);
            });
      }
    }
    return line == null ? text : line.toString();
  }

  private static boolean isPlain(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
