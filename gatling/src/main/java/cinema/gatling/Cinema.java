package cinema.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What has to be asked of the cinema before orders can be sent; one call at a time, unhurried. */
final class Cinema implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI baseUrl;

  Cinema(URI baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** The token of a new guest. */
  String openSession() throws IOException, InterruptedException {
    return ask(post("/sessions", "")).path("token").asText();
  }

  /** The tokens of so many new guests. */
  List<String> openSessions(int many) throws IOException, InterruptedException {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      tokens.add(openSession());
    }
    return tokens;
  }

  /** The ids of what the bar sells now. */
  List<String> menu(String barId) throws IOException, InterruptedException {
    List<String> itemIds = new ArrayList<>();
    for (JsonNode item : ask(to("/bars/" + barId + "/menu").GET()).path("items")) {
      if (item.path("available").asBoolean()) {
        itemIds.add(item.path("itemId").asText());
      }
    }
    if (itemIds.isEmpty()) {
      throw new IOException("bar " + barId + " sells nothing now");
    }
    return itemIds;
  }

  /** The token of staff that serve a bar; local runs give it to whoever asks. */
  String staffToken(String barId) throws IOException, InterruptedException {
    String who = "{\"role\":\"staff\",\"bars\":[\"%s\"]}".formatted(barId);
    return ask(post("/dev/tokens", who)).path("token").asText();
  }

  /** A ticket to a bar's live feed; good once, for half a minute. */
  String feedTicket(String barId) throws IOException, InterruptedException {
    var request = post("/feed-tickets", "").header("Authorization", "Bearer " + staffToken(barId));
    return ask(request).path("ticket").asText();
  }

  /** The id of a new order for one of these. */
  String order(String barId, String itemId, String token) throws IOException, InterruptedException {
    String body =
        """
        {"barId":"%s","lines":[{"itemId":"%s","quantity":1}],"customer":{"name":"Mina"},"seat":"F12"}"""
            .formatted(barId, itemId);
    var request = post("/orders", body).header("Authorization", "Bearer " + token);
    return ask(request).path("orderId").asText();
  }

  void cancel(String orderId, String token) throws IOException, InterruptedException {
    ask(to("/orders/" + orderId).header("Authorization", "Bearer " + token).DELETE());
  }

  void read(String path, String token) throws IOException, InterruptedException {
    ask(to(path).header("Authorization", "Bearer " + token).GET());
  }

  private HttpRequest.Builder post(String path, String body) {
    return to(path)
        .header("Content-Type", "application/json")
        .POST(body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(PATIENCE);
  }

  private JsonNode ask(HttpRequest.Builder builder) throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    HttpResponse<String> response;
    try {
      response = http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException(request.method() + " " + request.uri() + ": " + e, e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "%s %s: %d %s"
              .formatted(request.method(), request.uri(), response.statusCode(), response.body()));
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    http.close();
  }
}
