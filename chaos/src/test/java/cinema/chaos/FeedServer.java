package cinema.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The other end of a feed, by hand: says what a test wants it to (RFC 6455). */
final class FeedServer implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 0x81;
  private static final int TEXT_BEGINS = 0x01;
  private static final int GOES_ON = 0x80;
  private static final int PING = 0x89;
  private static final int CLOSE = 0x88;

  private final ServerSocket socket;

  FeedServer() throws IOException {
    socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(20_000);
  }

  URI door() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** Waits for the next connection and reads what it asks for. */
  Visit next() throws IOException {
    return new Visit(socket.accept());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** One connection. */
  static final class Visit implements AutoCloseable {
    private final Socket client;
    private final OutputStream out;
    private final StringBuilder headers = new StringBuilder();
    private final String requestLine;
    private String key = "";

    private Visit(Socket client) throws IOException {
      this.client = client;
      this.out = client.getOutputStream();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      requestLine = in.readLine();
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        headers.append(line).append('\n');
        if (line.regionMatches(true, 0, "Sec-WebSocket-Key: ", 0, 19)) {
          key = line.substring(19);
        }
      }
    }

    String requestLine() {
      return requestLine;
    }

    String headers() {
      return headers.toString();
    }

    Visit accept() throws IOException {
      write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + answer()
              + "\r\n\r\n");
      return this;
    }

    void refuse() throws IOException {
      write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    }

    Visit say(String text) throws IOException {
      frame(TEXT, text);
      return this;
    }

    Visit sayInTwo(String text) throws IOException {
      frame(TEXT_BEGINS, text.substring(0, 10));
      frame(GOES_ON, text.substring(10));
      return this;
    }

    void ping() throws IOException {
      frame(PING, "");
    }

    /** A service that goes away says so: 1012. */
    void sayGoodbye() throws IOException {
      out.write(new byte[] {(byte) CLOSE, 2, 1012 >> 8, (byte) 1012});
      out.flush();
    }

    /** Resets the connection. */
    void cut() throws IOException {
      client.setSoLinger(true, 0);
      client.close();
    }

    private String answer() {
      try {
        byte[] bytes = (key + GUID).getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes));
      } catch (NoSuchAlgorithmException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }

    /** Texts shorter than 126 bytes only. */
    private void frame(int head, String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write(head);
      out.write(bytes.length);
      out.write(bytes);
      out.flush();
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }
}
