package cinema.shared.testing;

import cinema.shared.service.Keys;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Tokens that our own services would not sign. */
public final class Tokens {
  private Tokens() {}

  /**
   * @param privateKeys the first of which signs
   * @param issuer null for none
   * @param audience null for none
   */
  public static String signed(
      Vertx vertx, Path privateKeys, String issuer, String audience, JsonObject claims) {
    JWTOptions options = new JWTOptions().setAlgorithm("ES256");
    if (issuer != null) {
      options.setIssuer(issuer);
    }
    if (audience != null) {
      options.addAudience(audience);
    }
    return JWTAuth.create(vertx, new JWTAuthOptions().addJwk(Keys.read(privateKeys).getFirst()))
        .generateToken(claims, options);
  }

  /** With the same claims, and {@code alg:none} instead of a signature (RFC 8725 §2.1). */
  public static String unsigned(String token) {
    return base64("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + token.split("\\.")[1] + ".";
  }

  /** As the parts of a token are written. */
  public static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
