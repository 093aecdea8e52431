package cinema.local;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection on which anything may be written, because no decent client would; reads what comes
 * back.
 */
final class FuzzConnection implements AutoCloseable {
  /** After so long a server that neither answers nor closes is hanging. */
  private static final int MOST_MILLIS = 25_000;

  private static final int QUIET_MILLIS = 20;

  private static final Pattern STATUS_LINE = Pattern.compile("\\S+ ([1-5]\\d\\d) .*");

  /** What came back, the names of its headers in small letters. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** One that came over a WebSocket. */
  record Frame(int opcode, byte[] payload) {}

  private final Socket socket;
  private final DataInputStream in;

  FuzzConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(MOST_MILLIS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Whoever has heard enough may close: what there is to read tells. */
  void write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      // Then its answer, or its end, is there to be read.
    }
  }

  /** Says that nothing more will come. */
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException closed) {
      // By the other side, too.
    }
  }

  /** Resets the connection, as a client that is gone. */
  void breakOff() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException closed) {
      // Already.
    }
    close();
  }

  /** Whether nothing comes for a moment; what has come already, or the end, is not nothing. */
  boolean isQuiet() throws IOException {
    socket.setSoTimeout(QUIET_MILLIS);
    try {
      in.mark(1);
      in.read();
      in.reset();
      return false;
    } catch (SocketTimeoutException quiet) {
      return true;
    } finally {
      socket.setSoTimeout(MOST_MILLIS);
    }
  }

  /**
   * Reads one answer.
   *
   * @param toHead whether it has no body, whatever its headers say
   * @return null when the connection was closed instead
   * @throws SocketTimeoutException when there is neither
   * @throws IllegalStateException when something else came
   */
  Answer answer(boolean toHead) throws IOException {
    String first = line();
    // So Vert.x refuses other versions of HTTP and closes, before the product hears of it.
    if (first.isEmpty() || first.matches("(?!HTTP/1\\.[01] ).* 501 Not Implemented")) {
      return null;
    }
    // It names the version that it was asked in, be it none.
    Matcher known = STATUS_LINE.matcher(first);
    if (!known.matches()) {
      throw new IllegalStateException("no HTTP: " + first);
    }
    int status = Integer.parseInt(known.group(1));
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] header = line.split(": ?", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header.length < 2 ? "" : header[1]);
    }
    boolean bodiless = toHead || status < 200 || status == 204 || status == 304;
    return new Answer(status, headers, bodiless ? new byte[0] : body(headers));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int size = chunk(); size > 0; size = chunk()) {
        body.write(bytes(size));
        line();
      }
      line();
      return body.toByteArray();
    }
    String length = headers.get("content-length");
    return length == null ? in.readAllBytes() : bytes(Integer.parseInt(length));
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().replaceFirst(";.*", ""), 16);
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /**
   * @return empty at the end, too
   */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  /**
   * Reads one frame of a WebSocket (RFC 6455 §5.2).
   *
   * @return null when the connection was closed
   */
  Frame frame() throws IOException {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length >= 126) {
        length = length == 126 ? in.readUnsignedShort() : Math.toIntExact(in.readLong());
      }
      return new Frame(first & 0x0f, bytes(length));
    } catch (EOFException closed) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // As was wanted.
    }
  }
}
