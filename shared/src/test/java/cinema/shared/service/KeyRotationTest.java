package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.service.Caller.Role;
import cinema.shared.testing.Bench;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that change while everything runs, in files and at an OpenID provider. */
class KeyRotationTest {
  private Bench bench;
  private Path privateKeys;
  private Path publicKeys;
  private Identity identity;

  /** What the provider says of itself and its keys; the answers to paths. */
  private final Map<String, JsonObject> provider = new HashMap<>();

  private String issuer;
  private int asked;
  private long nanos;

  @BeforeEach
  void begin() {
    bench = Bench.of("keys");
    privateKeys = bench.keys().resolve("sessions.private.json");
    publicKeys = bench.keys().resolve("sessions.public.json");
    identity = identity(bench.settings());
  }

  @AfterEach
  void end() {
    bench.close();
  }

  @Test
  void a_new_key_is_signed_with_once_everybody_can_have_read_it() {
    Instant now = Instant.now();
    String before = keyId(privateKeys);
    Keys.rotate(privateKeys, publicKeys, now);

    assertThat(keyOf(token(now))).isEqualTo(before);
    assertThat(keyOf(token(now.plus(Keys.UNTIL_KNOWN_EVERYWHERE))))
        .isEqualTo(keyId(privateKeys))
        .isNotEqualTo(before);
  }

  @Test
  void a_signer_that_runs_takes_the_new_key() {
    Signer signer =
        new Signer(bench.vertx(), privateKeys, Identity.SESSION_ISSUER, Clock.systemUTC());
    Keys.rotate(privateKeys, publicKeys, Instant.EPOCH);

    await(signer.readAgain());

    assertThat(keyOf(token(signer))).isEqualTo(keyId(privateKeys));
    assertThat(signer.publicKeys().getJsonArray("keys")).hasSize(2);
    assertThat(signer.publicKeys().encode()).doesNotContain("\"d\"");
  }

  @Test
  void a_key_that_was_not_there_before_is_looked_for_and_the_one_before_stays_good() {
    String old = token(Instant.now());
    assertThat(role(old)).isEqualTo(Role.CUSTOMER);
    Keys.rotate(privateKeys, publicKeys, Instant.EPOCH);
    nanos += Duration.ofSeconds(6).toNanos();

    assertThat(role(token(Instant.now()))).isEqualTo(Role.CUSTOMER);
    assertThat(role(old)).isEqualTo(Role.CUSTOMER);
  }

  @Test
  void what_a_key_has_signed_that_is_gone_is_not_good_any_more() {
    String old = token(Instant.now());
    assertThat(role(old)).isEqualTo(Role.CUSTOMER);
    Keys.rotate(privateKeys, publicKeys, Instant.EPOCH);
    Keys.rotate(privateKeys, publicKeys, Instant.EPOCH);

    nanos += Duration.ofSeconds(6).toNanos();
    assertThat(role(token(Instant.now()))).isEqualTo(Role.CUSTOMER);

    assertThat(refusal(old).status()).isEqualTo(401);
  }

  @Test
  void an_openid_provider_vouches_for_staff_and_may_change_its_keys() throws Exception {
    listen();
    JsonObject first = publish(rsa("first"));
    identity = identity(withProvider());
    assertThat(await(identity.caller(staffToken(first))))
        .isEqualTo(
            new Caller("anna", Role.STAFF, Set.of("lobby", "roof"), Instant.ofEpochSecond(end)));

    JsonObject second = publish(rsa("second"));
    nanos += Duration.ofSeconds(6).toNanos();
    assertThat(role(staffToken(second))).isEqualTo(Role.STAFF);
    assertThat(refusal(staffToken(first)).status()).isEqualTo(401);
  }

  @Test
  void tokens_that_name_keys_that_never_were_make_nobody_ask_more_often() throws Exception {
    listen();
    publish(rsa("first"));
    JsonObject stranger = rsa("stranger");
    identity = identity(withProvider());
    for (int i = 0; i < 20; i++) {
      assertThat(refusal(staffToken(stranger)).status()).isEqualTo(401);
    }
    assertThat(asked).isLessThanOrEqualTo(4);
  }

  @Test
  void who_is_not_staff_at_the_provider_has_no_part_in_this() throws Exception {
    listen();
    JsonObject key = publish(rsa("first"));
    identity = identity(withProvider().with(Map.of("STAFF_ROLE", "manager")));
    assertThat(refusal(staffToken(key)).status()).isEqualTo(403);
  }

  @Test
  void a_provider_that_says_that_it_is_another_vouches_for_nobody() throws Exception {
    listen();
    JsonObject key = publish(rsa("first"));
    provider.get("/realms/cinema/.well-known/openid-configuration").put("issuer", "another");
    identity = identity(withProvider());
    assertThat(refusal(staffToken(key)).status()).isEqualTo(503);
  }

  @Test
  void keys_at_a_place_that_anybody_can_change_vouch_for_nobody() throws Exception {
    listen();
    listen("127.0.0.2", Integer.parseInt(issuer.replaceAll("\\D*127.0.0.1:(\\d+).*", "$1")));
    JsonObject key = publish(rsa("first"));
    provider
        .get("/realms/cinema/.well-known/openid-configuration")
        .put("jwks_uri", issuer.replace("127.0.0.1", "127.0.0.2") + "/certs");
    identity = identity(withProvider());
    assertThat(refusal(staffToken(key)).status()).isEqualTo(503);
  }

  @Test
  void while_the_provider_is_away_nobody_knows_and_when_it_is_back_everybody_is_let_in()
      throws Exception {
    listen();
    JsonObject key = rsa("first");
    identity = identity(withProvider());
    assertThat(refusal(staffToken(key)).status()).isEqualTo(503);
    assertThat(role(token(Instant.now()))).isEqualTo(Role.CUSTOMER);

    publish(key);
    nanos += Duration.ofSeconds(6).toNanos();
    assertThat(role(staffToken(key))).isEqualTo(Role.STAFF);
  }

  private Identity identity(Settings settings) {
    return new Identity(bench.vertx(), settings, Clock.systemUTC(), () -> nanos);
  }

  private String token(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return token(new Signer(bench.vertx(), privateKeys, Identity.SESSION_ISSUER, clock));
  }

  private static String token(Signer signer) {
    return signer.sign("mina", Set.of(), Instant.now(), Duration.ofHours(1));
  }

  private Role role(String token) {
    return await(identity.caller(token)).role();
  }

  private Problem refusal(String token) {
    return catchThrowableOfType(Problem.Thrown.class, () -> await(identity.caller(token)))
        .problem();
  }

  private static String keyId(Path file) {
    return Keys.read(file).getFirst().getString("kid");
  }

  private static String keyOf(String token) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(token.split("\\.")[0])))
        .getString("kid");
  }

  private void listen() {
    issuer = "http://127.0.0.1:" + listen("127.0.0.1", 0).actualPort() + "/realms/cinema";
  }

  private HttpServer listen(String host, int port) {
    return await(
        bench
            .vertx()
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked++;
                  JsonObject answer = provider.get(request.path());
                  request
                      .response()
                      .setStatusCode(answer == null ? 500 : 200)
                      .end(answer == null ? "" : answer.encode());
                })
            .listen(port, host));
  }

  private JsonObject publish(JsonObject key) {
    JsonObject shown = key.copy();
    shown.remove("pem");
    provider.put(
        "/realms/cinema/.well-known/openid-configuration",
        new JsonObject().put("issuer", issuer).put("jwks_uri", issuer + "/certs"));
    provider.put("/realms/cinema/certs", new JsonObject().put("keys", JsonArray.of(shown)));
    return key;
  }

  private Settings withProvider() {
    return bench
        .settings()
        .with(
            Map.of(
                "STAFF_ISSUER", issuer,
                "STAFF_KEYS", "",
                "STAFF_AUDIENCE", "counter",
                "STAFF_ROLES_CLAIM", "realm_access.roles",
                "STAFF_ROLE", "snack-bar",
                "STAFF_BARS_CLAIM", "groups"));
  }

  private final long end = Instant.now().plusSeconds(600).getEpochSecond();

  private String staffToken(JsonObject key) {
    PubSecKeyOptions secret =
        new PubSecKeyOptions()
            .setAlgorithm("RS256")
            .setId(key.getString("kid"))
            .setBuffer(key.getString("pem"));
    return JWTAuth.create(bench.vertx(), new JWTAuthOptions().addPubSecKey(secret))
        .generateToken(
            new JsonObject()
                .put("sub", "anna")
                .put("exp", end)
                .put("realm_access", new JsonObject().put("roles", JsonArray.of("snack-bar")))
                .put("groups", JsonArray.of("/lobby", "/roof")),
            new JWTOptions().setAlgorithm("RS256").setIssuer(issuer).addAudience("counter"));
  }

  private static JsonObject rsa(String keyId) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    RSAPublicKey shown = (RSAPublicKey) pair.getPublic();
    return new JsonObject()
        .put("kty", "RSA")
        .put("alg", "RS256")
        .put("use", "sig")
        .put("kid", keyId)
        .put("n", base64(shown.getModulus()))
        .put("e", base64(shown.getPublicExponent()))
        .put(
            "pem",
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
  }

  private static String base64(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(java.util.Arrays.copyOfRange(bytes, sign, bytes.length));
  }
}
