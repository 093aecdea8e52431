package cinema.local;

import cinema.local.FuzzRequest.Manner;
import cinema.shared.service.WebServer;
import java.util.ArrayList;
import java.util.List;

/** A request that is being written. */
final class FuzzDraft {
  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEADERS = 8192;

  final String trace;
  String method;
  String path;
  final List<String> query = new ArrayList<>();
  final List<String> headers = new ArrayList<>();
  String traceparent;
  String authorization = "";
  String mediaType = "application/json";
  String body;
  boolean chunked;

  FuzzDraft(String trace) {
    this.trace = trace;
    this.traceparent = "00-" + trace + "-00f067aa0ba902b7-01";
  }

  String line() {
    String asked = query.isEmpty() ? "" : "?" + String.join("&", query);
    return method + " " + path + asked + " HTTP/1.1\r\n";
  }

  String head() {
    StringBuilder head = new StringBuilder(line()).append("Host: 127.0.0.1\r\n");
    head.append("traceparent: ").append(traceparent).append("\r\n");
    if (!authorization.isEmpty()) {
      head.append("Authorization: ").append(authorization).append("\r\n");
    }
    headers.forEach(header -> head.append(header).append("\r\n"));
    if (body != null) {
      head.append("Content-Type: ").append(mediaType).append("\r\n");
      head.append(
          chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length() + "\r\n");
    }
    return head.append("\r\n").toString();
  }

  String content() {
    if (body == null || !chunked) {
      return body == null ? "" : body;
    }
    StringBuilder chunks = new StringBuilder();
    for (int from = 0; from < body.length(); from += 1000) {
      String chunk = body.substring(from, Math.min(body.length(), from + 1000));
      chunks
          .append(Integer.toHexString(chunk.length()))
          .append("\r\n")
          .append(chunk)
          .append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }

  /** Of what is too large the rest may go unread, and with it the answer. */
  Manner manner() {
    boolean large =
        line().length() > LONGEST_LINE
            || head().length() - line().length() > LONGEST_HEADERS
            || content().length() > WebServer.MOST_BODY;
    return large ? Manner.REFUSED : Manner.ANSWERED;
  }
}
