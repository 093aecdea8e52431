package cinema.local;

import static cinema.local.FuzzValues.any;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What is hardly HTTP, and frames that hardly a WebSocket would send. Texts stand for bytes, each
 * character for one.
 */
final class FuzzGarbage {
  private static final int TEXT = 0x81;
  private static final int PING = 0x89;
  private static final int CLOSE = 0x88;

  private static final List<String> LENGTHS =
      List.of(
          "-1",
          "+5",
          "0x5",
          "5, 5",
          "5, 6",
          "",
          "abc",
          "1e3",
          "5 5",
          "010",
          "99999999999999999999");

  private static final List<String> CHUNKS =
      List.of(
          "zz\r\nx\r\n0\r\n\r\n",
          "-1\r\n\r\n",
          "FFFFFFFFFFFFFFFF\r\nx",
          "7fffffff\r\nx",
          "2\r\n{}",
          "2\r\n{}0\r\n\r\n",
          "2\r\n{}xx0\r\n\r\n",
          "2;a=\"b\r\n{}\r\n0\r\n\r\n",
          "2\n{}\n0\n\n",
          "2 \r\n{}\r\n0\r\n\r\n",
          "0\r\nContent-Length: 5\r\nTrailer\r\n\r\n",
          "0\r\n" + "x: y\r\n".repeat(3000) + "\r\n",
          "\r\n\r\n",
          ";\r\n",
          "2\r\n{}\r\n" + "0".repeat(9000) + "\r\n\r\n");

  private static final List<String> ENCODINGS =
      List.of(
          "Transfer-Encoding: chunked",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: identity, chunked",
          "Transfer-Encoding:\u000bchunked",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding:\r\n chunked",
          "transfer-encoding: CHUNKED",
          "X: y\nTransfer-Encoding: chunked");

  private static final List<String> LINES =
      List.of(
          "GET * HTTP/1.1",
          "OPTIONS * HTTP/1.1",
          "GET http://127.0.0.1:1/bars HTTP/1.1",
          "GET //127.0.0.1:1/bars HTTP/1.1",
          "GET http:// HTTP/1.1",
          "GET ?x HTTP/1.1",
          "GET #x HTTP/1.1",
          "GET \\bars HTTP/1.1",
          "CONNECT 127.0.0.1:22 HTTP/1.1",
          "CONNECT / HTTP/1.1",
          "GET /bars",
          "GET /bars HTTP/0.9",
          "GET /bars HTTP/1.0",
          "GET /bars HTTP/1.2",
          "GET /bars HTTP/2.0",
          "GET /bars HTTP/9999999999.1",
          "GET /bars HTTP/1.1 HTTP/1.1",
          "GET /b ars HTTP/1.1",
          "GET /bars\t HTTP/1.1",
          "GET /b\u0000ars HTTP/1.1",
          "GET /\u00ff\u00fe HTTP/1.1",
          "G\u0000T /bars HTTP/1.1",
          "G:T /bars HTTP/1.1",
          " GET /bars HTTP/1.1",
          "/bars",
          "HTTP/1.1 200 OK");

  private static final List<String> HEADERS =
      List.of(
          "no colon",
          ": no name",
          "A b: c",
          "A\u0000: b",
          "A: \u0000",
          "A: b\rC: d",
          "A: b\n folded",
          " folded: first",
          "H\u00e9: \u00ff",
          "A:" + " ".repeat(5000) + "b",
          "Host: two",
          "Host: a/b@c:99999999",
          "Content-Length: 0\r\nContent-Length: 0",
          "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
          "Connection: \u0001",
          "Expect: 100-continue\r\nExpect: 100-continue");

  private static final List<String> NO_HTTP =
      List.of(
          "\u0016\u0003\u0001\u0000\u00c5\u0001\u0000\u0000\u00c1\u0003\u0003" + "a".repeat(190),
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000",
          "\u0080.\u0001\u0003\u0001\u0000\u0015\u0000\u0000\u0000\u0010",
          "*1\r\n$4\r\nPING\r\n",
          "EHLO x\r\n",
          "\r\n\r\n\r\n",
          "\n",
          "\u0000".repeat(5000),
          "()");

  private FuzzGarbage() {}

  static String random(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Something that may look like a request, but is none, or none yet, or two. */
  static String request(RandomGenerator random, String good) {
    return switch (random.nextInt(12)) {
      case 0 -> random(random, random.nextInt(1, 3000));
      case 1 -> any(random, NO_HTTP);
      case 2 -> good.substring(0, random.nextInt(good.length()));
      case 3 -> flipped(random, good);
      case 4 -> any(random, LINES) + good.substring(good.indexOf("\r\n"));
      case 5 -> with(good, any(random, HEADERS));
      case 6 -> good.replace("\r\n", any(random, List.of("\n", "\r", "\r\r\n", "\r\n ")));
      case 7 -> flood(random, good);
      case 8 -> with(bare(good), "Content-Length: " + any(random, LENGTHS)) + "{}{}{";
      case 9 -> with(bare(good), any(random, ENCODINGS)) + any(random, CHUNKS);
      case 10 -> smuggled(random, bare(good));
      default -> bare(good).repeat(random.nextInt(2, 12));
    };
  }

  /** Without a body, and without what announces one. */
  private static String bare(String good) {
    String head = good.substring(0, good.indexOf("\r\n\r\n") + 4);
    return head.replaceAll("(?i)\r\n(content-length|transfer-encoding):[^\r]*", "");
  }

  private static String with(String good, String header) {
    return good.replaceFirst("\r\n", "\r\n" + header.replace("$", "\\$") + "\r\n");
  }

  private static String flipped(RandomGenerator random, String good) {
    StringBuilder flipped = new StringBuilder(good);
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      flipped.setCharAt(random.nextInt(good.length()), (char) random.nextInt(256));
    }
    return flipped.toString();
  }

  private static String flood(RandomGenerator random, String good) {
    return switch (random.nextInt(3)) {
      case 0 -> with(good, "x: y\r\n".repeat(random.nextInt(100, 5000)) + "z: z");
      case 1 -> with(good, "x: " + "y".repeat(random.nextInt(5000, 200_000)));
      default -> good.replaceFirst(" /", " /" + "y".repeat(random.nextInt(4000, 200_000)));
    };
  }

  /** A request in the body of another, for whoever disagrees about where that ends. */
  private static String smuggled(RandomGenerator random, String bare) {
    String hidden = "GET /metrics HTTP/1.1\r\nHost: smuggled\r\nX: y\r\n\r\n";
    String length = "Content-Length: " + (5 + hidden.length());
    String chunked = any(random, ENCODINGS);
    String headers =
        switch (random.nextInt(4)) {
          case 0 -> length + "\r\n" + chunked;
          case 1 -> chunked + "\r\n" + length;
          case 2 -> chunked + "\r\nContent-Length: 4";
          default -> length + "\r\nContent-Length: 5";
        };
    return with(bare, headers) + "0\r\n\r\n" + hidden;
  }

  /**
   * Frames after a good upgrade.
   *
   * @param ended whether the last one is not cut short: then a good one ends them
   */
  record Frames(String bytes, boolean ended) {}

  static Frames frames(RandomGenerator random) {
    StringBuilder frames = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      frames.append(frame(random, TEXT, "{\"type\":\"hello\"}"));
    }
    return switch (random.nextInt(5)) {
      case 0 -> new Frames(frames + cutShort(random), false);
      default -> new Frames(frames + odd(random) + frame(random, CLOSE, code(1000)), true);
    };
  }

  private static String cutShort(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> random(random, random.nextInt(1, 500));
      case 1 -> "\u0081\u00ff\u007f" + "\u00ff".repeat(7) + "mask";
      case 2 -> "\u0081\u00ff" + "\u00ff".repeat(8) + "mask";
      case 3 -> "\u0082\u00fe\u00ff\u00ffmaskdata";
      default -> "\u0081";
    };
  }

  private static String odd(RandomGenerator random) {
    int[] codes = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 4401, 5000, 65535};
    return switch (random.nextInt(20)) {
      case 0 -> frame(random, TEXT, "x".repeat(random.nextInt(16_000, 70_000)));
      case 1 -> frame(random, 0x82, random(random, random.nextInt(300)));
      case 2 -> frame(random, 0x80 | random.nextInt(3, 8), "x");
      case 3 -> frame(random, 0x80 | random.nextInt(11, 16), "x");
      case 4 -> frame(random, TEXT | random.nextInt(1, 8) << 4, "x");
      case 5 -> frame(random, 0x80, "continues nothing");
      case 6 -> frame(random, 0x01, "begun") + frame(random, TEXT, "and begun again");
      case 7 -> frame(random, 0x01, "x") + frame(random, 0x00, "x".repeat(1000)).repeat(40);
      case 8 -> frame(random, PING, "x".repeat(random.nextInt(126, 300)));
      case 9 -> frame(random, 0x09, "in parts");
      case 10 -> frame(random, PING, "x".repeat(125)).repeat(random.nextInt(1, 100));
      case 11 -> frame(random, 0x8A, "unasked");
      case 12 -> frame(random, CLOSE, "x");
      case 13 -> frame(random, CLOSE, code(codes[random.nextInt(codes.length)]) + "reason");
      case 14 -> frame(random, CLOSE, code(1000) + "\u00ff\u00fe");
      case 15 -> frame(random, CLOSE, code(1000) + "x".repeat(200));
      case 16 -> frame(random, TEXT, "\u00c0\u0080\u00ed\u00a0\u0080\u00ff");
      case 17 -> "\u0081\u0005plain";
      case 18 -> "\u0081\u00fe\u0000\u0001maskx";
      default -> frame(random, TEXT, "").repeat(random.nextInt(1, 300));
    };
  }

  private static String code(int code) {
    return "" + (char) (code >> 8) + (char) (code & 0xff);
  }

  /** Masked, as a client's has to be (RFC 6455 §5.3). */
  private static String frame(RandomGenerator random, int first, String payload) {
    int length = payload.length();
    String mask = random(random, 4);
    StringBuilder frame = new StringBuilder().append((char) first);
    if (length < 126) {
      frame.append((char) (0x80 | length));
    } else if (length < 65_536) {
      frame.append('\u00fe').append(code(length));
    } else {
      frame.append("\u00ff\0\0\0\0").append(code(length >> 16)).append(code(length & 0xffff));
    }
    frame.append(mask);
    for (int i = 0; i < length; i++) {
      frame.append((char) (payload.charAt(i) ^ mask.charAt(i % 4)));
    }
    return frame.toString();
  }
}
