package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.service.Caller.Role;
import cinema.shared.testing.Bench;
import cinema.shared.testing.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdentityTest {
  /** An Authorization header that is no good; null sends none. */
  record Bad(String because, String header) {
    @Override
    public String toString() {
      return because;
    }
  }

  @TempDir static Path directory;

  private static Bench bench;
  private static WebClient client;
  private static Path sessionKey;
  private static Path staffKey;
  private static String staffIssuer;

  @BeforeAll
  static void listen() {
    bench = Bench.of("identity");
    sessionKey = bench.keys().resolve("sessions.private.json");
    staffKey = bench.keys().resolve("staff.private.json");
    staffIssuer = IdentitySettings.of(bench.settings()).staffIssuer();
    Identity identity = new Identity(bench.vertx(), bench.settings(), Clock.systemUTC());
    WebServer server = new WebServer(bench.vertx(), bench.settings());
    var routes = server.router();
    routes.get("/anyone").handler(identity.requireAnyone());
    routes.get("/customer").handler(identity.require(Role.CUSTOMER));
    routes.get("/staff").handler(identity.require(Role.STAFF));
    routes.get("/bars/:barId").handler(identity.requireStaffOf("barId"));
    routes.get().handler(context -> context.end(Identity.callerOf(context).id()));
    int port = await(server.listen()).actualPort();
    client =
        WebClient.create(
            bench.vertx(), new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void a_session_lets_its_customer_in_and_nowhere_else() {
    UUID customer = UUID.randomUUID();
    String session = "Bearer " + bench.customerToken(customer);
    for (String path : List.of("/customer", "/anyone", "/anyone")) {
      HttpResponse<Buffer> answer = get(path, session);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.bodyAsString()).hasToString(customer.toString());
    }
    assertProblem(get("/staff", session), 403, "forbidden");
    assertProblem(get("/bars/lobby", session), 403, "forbidden");
  }

  @Test
  void staff_serve_the_bars_that_their_token_names_and_others_do_not_exist_for_them() {
    String staff = "bearer " + bench.staffToken("lobby", "roof");
    assertThat(get("/bars/lobby", staff).statusCode()).isEqualTo(200);
    assertThat(get("/bars/roof", staff).statusCode()).isEqualTo(200);
    HttpResponse<Buffer> another = get("/bars/vip", staff);
    assertProblem(another, 404, "not-found");
    assertThat(another.bodyAsString()).isEqualTo(get("/bars/nowhere", staff).bodyAsString());
    assertProblem(get("/customer", staff), 403, "forbidden");
  }

  static List<Bad> bad() {
    Path stranger = directory.resolve("stranger.private.json");
    Keys.ensure(stranger, directory.resolve("stranger.public.json"));
    String session = Identity.SESSION_ISSUER;
    String good = signed(sessionKey, session, Identity.AUDIENCE, claims());
    String[] parts = good.split("\\.");
    return List.of(
        new Bad("there is none", null),
        new Bad("it is not a bearer token", "Digest " + good),
        new Bad("it is empty", "Bearer "),
        new Bad("it is garbage", "Bearer garbage"),
        new Bad("its parts are garbage", "Bearer a.b.c"),
        token("nobody trusts its issuer", signed(sessionKey, "x", Identity.AUDIENCE, claims())),
        token("it has no issuer", signed(sessionKey, null, Identity.AUDIENCE, claims())),
        token("a stranger signed it", signed(stranger, session, Identity.AUDIENCE, claims())),
        token(
            "a session key vouches for staff",
            signed(sessionKey, staffIssuer, Identity.AUDIENCE, claims())),
        token(
            "a staff key makes a session", signed(staffKey, session, Identity.AUDIENCE, claims())),
        token("it is for another audience", signed(sessionKey, session, "elsewhere", claims())),
        token("it is for no audience", signed(sessionKey, session, null, claims())),
        token(
            "it has expired",
            signed(sessionKey, session, Identity.AUDIENCE, claims().put("exp", 1))),
        token(
            "its time has not come",
            signed(
                sessionKey,
                session,
                Identity.AUDIENCE,
                claims().put("nbf", Instant.now().plusSeconds(600).getEpochSecond()))),
        token("it never expires", signed(sessionKey, session, Identity.AUDIENCE, without("exp"))),
        token("it names nobody", signed(sessionKey, session, Identity.AUDIENCE, without("sub"))),
        token("it is not signed", Tokens.unsigned(good)),
        token("its signature was left out", parts[0] + "." + parts[1] + "."),
        token("it was changed", parts[0] + "." + Tokens.base64(forged(parts[1])) + "." + parts[2]),
        token("the public key was the secret of it", confused()));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_token_is_not_good_when(Bad bad) {
    HttpResponse<Buffer> answer = get("/anyone", bad.header);
    assertProblem(answer, 401, "unauthorized");
    assertThat(answer.getHeader("www-authenticate")).isEqualTo("Bearer");
  }

  @Test
  void a_token_that_is_remembered_expires_all_the_same() {
    Instant now = Instant.now();
    Instant[] time = {now};
    Identity identity = new Identity(bench.vertx(), bench.settings(), clock(time));
    String token =
        new Signer(bench.vertx(), staffKey, staffIssuer, Clock.systemUTC())
            .sign("anna", Set.of("lobby"), now, Duration.ofHours(1));
    Caller caller = await(identity.caller(token));
    assertThat(caller.role()).isEqualTo(Role.STAFF);
    assertThat(caller.expires()).isEqualTo(Instant.ofEpochSecond(now.getEpochSecond() + 3600));

    time[0] = caller.expires().minusMillis(1);
    assertThat(await(identity.caller(token))).isSameAs(caller);

    time[0] = caller.expires();
    assertThat(catchThrowableOfType(Problem.Thrown.class, () -> await(identity.caller(token))))
        .hasMessageContaining("expired")
        .extracting(thrown -> thrown.problem().status())
        .isEqualTo(401);
  }

  private static HttpResponse<Buffer> get(String path, String header) {
    var request = client.get(path);
    return await((header == null ? request : request.putHeader("Authorization", header)).send());
  }

  private static void assertProblem(HttpResponse<Buffer> answer, int status, String type) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.bodyAsJsonObject().getString("type")).isEqualTo("/problems/" + type);
  }

  private static JsonObject claims() {
    return new JsonObject()
        .put("sub", "someone")
        .put("exp", Instant.now().plusSeconds(3600).getEpochSecond());
  }

  private static JsonObject without(String claim) {
    JsonObject claims = claims();
    claims.remove(claim);
    return claims;
  }

  private static Bad token(String because, String token) {
    return new Bad(because, "Bearer " + token);
  }

  private static String signed(Path key, String issuer, String audience, JsonObject claims) {
    return Tokens.signed(bench.vertx(), key, issuer, audience, claims);
  }

  /** HS256 with what everybody knows: RFC 8725 §2.1. */
  private static String confused() {
    String known = Keys.read(bench.keys().resolve("sessions.public.json")).getFirst().encode();
    PubSecKeyOptions key = new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(known);
    return JWTAuth.create(bench.vertx(), new JWTAuthOptions().addPubSecKey(key))
        .generateToken(
            claims(),
            new JWTOptions()
                .setAlgorithm("HS256")
                .setIssuer(Identity.SESSION_ISSUER)
                .addAudience(Identity.AUDIENCE));
  }

  private static String forged(String claims) {
    return new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8)
        .replace("someone", "anybody");
  }

  private static Clock clock(Instant[] time) {
    return new Clock() {
      @Override
      public Instant instant() {
        return time[0];
      }

      @Override
      public ZoneId getZone() {
        return ZoneId.of("UTC");
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
