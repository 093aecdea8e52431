package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs tokens with a private JWK set, which it reads again so that keys can be changed while it
 * runs. All on one event loop.
 */
public final class Signer {
  static final String ALGORITHM = "ES256";

  private static final Logger LOG = LoggerFactory.getLogger(Signer.class);
  private static final int READ_AGAIN_MILLIS = 10_000;

  private final Vertx vertx;
  private final Path privateKeys;
  private final String issuer;
  private final Clock clock;

  private List<JsonObject> keys;
  private JsonObject signing;
  private JWTAuth auth;

  /**
   * @throws IllegalStateException naming the file when it cannot be used
   */
  public Signer(Vertx vertx, Path privateKeys, String issuer, Clock clock) {
    this.vertx = vertx;
    this.privateKeys = privateKeys;
    this.issuer = issuer;
    this.clock = clock;
    use(Keys.read(privateKeys));
    vertx.setPeriodic(READ_AGAIN_MILLIS, due -> readAgain());
  }

  /** Keeps what it has when there is nothing to be read. */
  Future<Void> readAgain() {
    return vertx
        .executeBlocking(() -> Keys.read(privateKeys), false)
        .<Void>map(
            read -> {
              use(read);
              return null;
            })
        .recover(
            failure -> {
              LOG.warn("the signing keys cannot be read again: {}", Service.reason(failure));
              return Future.succeededFuture();
            });
  }

  private void use(List<JsonObject> read) {
    JsonObject chosen = Keys.toSignWith(read, clock.instant());
    keys = read;
    if (!chosen.equals(signing)) {
      signing = chosen;
      auth = JWTAuth.create(vertx, new JWTAuthOptions().addJwk(chosen));
    }
  }

  /** The public halves of its keys: a JWK set, for whoever verifies. */
  public JsonObject publicKeys() {
    return Keys.shown(keys);
  }

  /**
   * @param places what a member of staff may serve; empty for customers
   */
  public String sign(String subject, Set<String> places, Instant now, Duration life) {
    JsonObject claims =
        new JsonObject()
            .put("sub", subject)
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(life).getEpochSecond());
    if (!places.isEmpty()) {
      claims
          .put("roles", JsonArray.of(Identity.STAFF))
          .put("bars", new JsonArray(places.stream().sorted().toList()));
    }
    return auth.generateToken(
        claims,
        new JWTOptions()
            .setAlgorithm(ALGORITHM)
            .setIssuer(issuer)
            .addAudience(Identity.AUDIENCE)
            .setNoTimestamp(true));
  }
}
