package cinema.local;

import cinema.local.FuzzConnection.Answer;
import cinema.local.FuzzConnection.Frame;
import cinema.local.FuzzRequest.Manner;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Sends one request after the other, over connections that are kept where that is possible. */
final class FuzzCaller implements AutoCloseable {
  /** One in so many callers that do not wait for an end is suddenly gone. */
  private static final int BREAK_OFF = 8;

  private final FuzzFindings findings;
  private final Map<Integer, FuzzConnection> kept = new HashMap<>();

  FuzzCaller(FuzzFindings findings) {
    this.findings = findings;
  }

  void send(FuzzRequest request) {
    try {
      switch (request.manner()) {
        case ANSWERED, EXPECTING -> sendWhole(request);
        case REFUSED, CUT_SHORT -> sendOdd(request);
        case FEED -> sendFeed(request);
      }
    } catch (SocketTimeoutException hanging) {
      findings.add(request, "neither answered nor closed", null);
    } catch (IOException | RuntimeException unreadable) {
      findings.add(request, "not to be understood: " + unreadable, null);
    }
  }

  private void sendWhole(FuzzRequest request) throws IOException {
    FuzzConnection connection = kept.remove(request.port());
    Answer answer = connection == null ? null : ask(connection, request);
    if (answer == null) {
      // It was closed meanwhile, as servers may; on a new one there is no such excuse.
      connection = new FuzzConnection(request.port());
      answer = ask(connection, request);
    }
    if (answer == null) {
      findings.add(request, "closed without an answer", null);
      connection.close();
    } else if (answer.header("connection").equals("close") || answer.status() == 101) {
      connection.close();
    } else {
      kept.put(request.port(), connection);
    }
  }

  /**
   * @return null when the connection was closed instead
   */
  private Answer ask(FuzzConnection connection, FuzzRequest request) throws IOException {
    try {
      connection.write(bytes(request.bytes()));
      Answer answer = connection.answer(request.toHead());
      if (answer != null && answer.status() == 100) {
        connection.write(bytes(request.later()));
        answer = connection.answer(request.toHead());
      } else if (answer != null && request.manner() == Manner.EXPECTING) {
        answer.headers().put("connection", "close"); // what it did not want is not sent
      }
      if (answer != null) {
        findings.check(request, answer);
      }
      return answer;
    } catch (EOFException | SocketException closed) {
      connection.close();
      return null;
    }
  }

  private void sendOdd(FuzzRequest request) throws IOException {
    try (FuzzConnection connection = new FuzzConnection(request.port())) {
      connection.write(bytes(request.bytes()));
      boolean open = request.manner() != Manner.REFUSED || checkAnswer(request, connection);
      while (open && !connection.isQuiet()) {
        open = checkAnswer(request, connection);
      }
      if (request.number() % BREAK_OFF == 0) {
        connection.breakOff();
        return;
      }
      connection.endOutput();
      while (open) {
        open = checkAnswer(request, connection);
      }
    } catch (EOFException | SocketException closed) {
      // In the middle of an answer, too: whoever breaks off does not hear the end.
    }
  }

  private boolean checkAnswer(FuzzRequest request, FuzzConnection connection) throws IOException {
    Answer answer = connection.answer(request.toHead());
    if (answer != null && answer.status() != 100) {
      findings.check(request, answer);
    }
    return answer != null;
  }

  private void sendFeed(FuzzRequest request) throws IOException {
    try (FuzzConnection connection = new FuzzConnection(request.port())) {
      connection.write(bytes(request.bytes()));
      Answer answer = connection.answer(request.toHead());
      if (answer == null) {
        findings.add(request, "closed without an answer", null);
        return;
      }
      findings.check(request, answer);
      if (answer.status() != 101) {
        return;
      }
      connection.write(bytes(request.later()));
      if (request.number() % BREAK_OFF == 0) {
        connection.breakOff();
        return;
      }
      if (request.operation().endsWith("cut short")) {
        connection.endOutput();
      }
      for (Frame frame = connection.frame(); frame != null; frame = connection.frame()) {
        findings.check(request, frame);
      }
    } catch (EOFException | SocketException closed) {
      // As it has to be, in the end.
    }
  }

  @Override
  public void close() {
    kept.values().forEach(FuzzConnection::close);
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }
}
