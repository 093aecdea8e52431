package cinema.chaos;

import cinema.chaos.Operation.Wish;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Outcome.Unknown;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The front door as clients use it. Every call has a limit, and what comes of it is what the client
 * may take for certain: only a promise is a yes, only a promise that nothing happened is a no.
 */
final class Cinema implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What the type of a 503 says when it does not say that nothing happened. */
  private static final Set<String> NOT_KNOWING = Set.of("unknown", "");

  private final URI door;
  private final Duration patience;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * @param door such as {@code http://127.0.0.1:8080}
   */
  Cinema(URI door) {
    this(door, PATIENCE);
  }

  /**
   * @param patience for each call, from connecting to the last byte of the answer
   */
  Cinema(URI door, Duration patience) {
    this.door = door;
    this.patience = patience;
  }

  /** A guest. */
  record Session(UUID customerId, String token) {}

  private record Token(String token) {}

  private record Menu(List<MenuItem> items) {}

  private record WishedLine(String itemId, int quantity) {}

  /** An order, or where one stands, as an answer says. */
  private record Standing(UUID orderId, OrderStatus status, Integer pickupNumber) {
    int number() {
      return pickupNumber == null ? 0 : pickupNumber;
    }
  }

  private record Problem(String type, OrderStatus orderStatus) {
    String word() {
      return type == null ? "" : type.substring(type.lastIndexOf('/') + 1);
    }
  }

  /**
   * @throws IOException when the cinema does not open one
   */
  Session openSession() throws IOException, InterruptedException {
    return asked(to("/sessions").POST(BodyPublishers.noBody()), Session.class);
  }

  /** A token of staff that may serve these bars; in local runs only. */
  String staffToken(List<String> bars) throws IOException, InterruptedException {
    String who = Wire.encode(Map.of("role", "staff", "bars", bars));
    return asked(json("/dev/tokens", who), Token.class).token;
  }

  /** The ids of what a bar sells now. */
  List<String> menu(String barId) throws IOException, InterruptedException {
    return asked(to("/bars/" + barId + "/menu").GET(), Menu.class).items.stream()
        .filter(MenuItem::available)
        .map(MenuItem::itemId)
        .toList();
  }

  Outcome place(Session guest, String key, Wish wish) throws InterruptedException {
    List<WishedLine> lines = new ArrayList<>();
    for (String line : wish.lines().split(" ")) {
      int star = line.indexOf('*');
      lines.add(
          new WishedLine(line.substring(star + 1), Integer.parseInt(line.substring(0, star))));
    }
    String body =
        Wire.encode(
            Map.of(
                "barId",
                wish.barId(),
                "lines",
                lines,
                "customer",
                Map.of("name", wish.name()),
                "note",
                key));
    return outcome(json("/orders", body).header("Idempotency-Key", key), guest.token, true);
  }

  Outcome cancel(Session guest, UUID orderId) throws InterruptedException {
    return outcome(to("/orders/" + orderId).DELETE(), guest.token, false);
  }

  Outcome look(Session guest, UUID orderId) throws InterruptedException {
    return outcome(to("/orders/" + orderId).GET(), guest.token, false);
  }

  Outcome step(String staffToken, String barId, UUID orderId, BarStep step)
      throws InterruptedException {
    String path = "/bars/" + barId + "/orders/" + orderId + "/" + step.path;
    String body = step == BarStep.REJECT ? "{\"reason\":\"sold out\"}" : "";
    return outcome(
        body.isEmpty() ? to(path).POST(BodyPublishers.noBody()) : json(path, body),
        staffToken,
        false);
  }

  private Outcome outcome(HttpRequest.Builder request, String token, boolean placing)
      throws InterruptedException {
    try {
      return outcome(send(request.header("Authorization", "Bearer " + token)), placing);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      // Nothing was sent.
      return new Refused(0, "not-connected", null);
    } catch (IOException e) {
      return new Unknown(e.toString());
    }
  }

  /**
   * Only an order is promised that a 503 means no, unless it is {@code unknown}: a step or a cancel
   * may have been stored before the service lost its database.
   */
  private static Outcome outcome(HttpResponse<String> response, boolean placing) {
    int status = response.statusCode();
    try {
      if (status == 202) {
        return new Pending();
      }
      if (status == 200 || status == 201) {
        Standing now = Wire.decode(response.body(), Standing.class);
        return new Acknowledged(status, now.orderId, now.status, now.number());
      }
      if (status >= 400) {
        Problem problem = Wire.decode(response.body(), Problem.class);
        boolean saysNo = placing && status == 503 && !NOT_KNOWING.contains(problem.word());
        if (status < 500 || saysNo) {
          return new Refused(status, problem.word(), problem.orderStatus);
        }
        return new Unknown(status + " " + problem.word());
      }
    } catch (Wire.Unreadable e) {
      return status >= 400 && status < 500
          ? new Refused(status, "", null)
          : new Unknown(status + " with a body that cannot be read");
    }
    return new Unknown("status " + status);
  }

  private <T> T asked(HttpRequest.Builder request, Class<T> type)
      throws IOException, InterruptedException {
    HttpResponse<String> response = send(request);
    if (response.statusCode() / 100 != 2) {
      throw new IOException(response.request().uri() + ": " + response.statusCode());
    }
    try {
      return Wire.decode(response.body(), type);
    } catch (Wire.Unreadable e) {
      throw new IOException(response.request().uri() + ": " + e.getMessage(), e);
    }
  }

  /** The client's own limit ends with the headers: an answer that never ends is given up here. */
  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(request.build(), BodyHandlers.ofString());
    try {
      return sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      sent.cancel(true);
    }
  }

  private HttpRequest.Builder json(String path, String body) {
    return to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(door.resolve(path));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
