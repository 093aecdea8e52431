package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Where the public keys of an issuer are: a JWK set (RFC 7517) in a file, or on the web. */
final class KeySource {
  private static final int MOST_MILLIS = 5000;
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private final Vertx vertx;
  private final String place;
  private final boolean discovered;

  /** Made when it is needed. */
  private HttpClient client;

  private KeySource(Vertx vertx, String place, boolean discovered) {
    this.vertx = vertx;
    this.place = place;
    this.discovered = discovered;
  }

  /**
   * @param place a file, or the address of a JWK set
   */
  static KeySource of(Vertx vertx, String place) {
    return new KeySource(vertx, place, false);
  }

  /** Asks an OpenID provider where its keys are (OpenID Connect Discovery 1.0 §4). */
  static KeySource discovered(Vertx vertx, String issuer) {
    return new KeySource(vertx, issuer, true);
  }

  /** Whether it is an address rather than a file. */
  static boolean isOnTheWeb(String place) {
    return place.startsWith("https://") || place.startsWith("http://");
  }

  /** Whether nobody on the way can put other keys in their place. */
  static boolean isSafe(String place) {
    return place.startsWith("https://") || isHere(String.valueOf(URI.create(place).getHost()));
  }

  /** Whether a host is this machine, and nobody else reaches it. */
  static boolean isHere(String host) {
    return HERE.contains(host);
  }

  boolean isFile() {
    return !isOnTheWeb(place);
  }

  /** The keys of a file, at once; for a start, which nothing waits for. */
  List<JsonObject> readFile() {
    return Keys.read(Path.of(place));
  }

  /** Fails, saying why, when they cannot be had. */
  Future<List<JsonObject>> read() {
    if (isFile()) {
      return vertx.executeBlocking(this::readFile, false);
    }
    Future<String> address = discovered ? discover() : Future.succeededFuture(place);
    return address
        .compose(this::get)
        .map(
            set ->
                set.getJsonArray("keys", new JsonArray()).stream()
                    .map(JsonObject.class::cast)
                    .toList());
  }

  private Future<String> discover() {
    return get(place.replaceFirst("/$", "") + "/.well-known/openid-configuration")
        .map(
            provider -> {
              // §4.3: or one provider could vouch for another's people.
              if (!place.equals(provider.getString("issuer"))) {
                throw new IllegalStateException(
                    place + " says that it is " + provider.getString("issuer"));
              }
              String keys = provider.getString("jwks_uri", "");
              if (!isSafe(keys)) {
                throw new IllegalStateException(
                    place + " has its keys at an unsafe place: " + keys);
              }
              return keys;
            });
  }

  private Future<JsonObject> get(String address) {
    if (client == null) {
      client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    }
    RequestOptions get =
        new RequestOptions()
            .setAbsoluteURI(address)
            .setConnectTimeout(MOST_MILLIS)
            .setIdleTimeout(MOST_MILLIS);
    return client
        .request(get)
        // Within one another, on the connection's thread: nothing of the body is missed.
        .compose(request -> request.send().compose(answer -> body(address, answer)))
        .map(Buffer::toJsonObject);
  }

  private static Future<Buffer> body(String address, HttpClientResponse answer) {
    return answer.statusCode() == 200
        ? answer.body()
        : Future.failedFuture(address + " answered " + answer.statusCode());
  }

  @Override
  public String toString() {
    return place;
  }
}
