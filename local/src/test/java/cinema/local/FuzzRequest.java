package cinema.local;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One request.
 *
 * @param trace the trace id that its answer has to name; null for any
 * @param toHead whether its answer has no body
 * @param bytes one character each
 * @param later what follows once the server has said something; may be empty
 */
record FuzzRequest(
    long number,
    String operation,
    int port,
    Manner manner,
    String trace,
    boolean toHead,
    String bytes,
    String later) {
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
