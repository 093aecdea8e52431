package cinema.local;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FreePort;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Staff by a real OpenID provider: {@code mvn -Pkeycloak -pl local -am verify}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeycloakIT {
  private static final int MOST_SECONDS = 180;
  private static final String PASSWORD = "popcorn";

  @TempDir static Path data;

  private int keycloakPort;
  private Process keycloak;
  private RunningProduct running;
  private Product product;
  private WebClient client;

  @BeforeAll
  void start() throws Exception {
    startKeycloak();
    Map<String, String> provider =
        Map.of(
            "STAFF_ISSUER", url("/realms/cinema"),
            "STAFF_ROLES_CLAIM", "realm_access.roles",
            "STAFF_ROLE", "snack-bar");
    running = new RunningProduct(data, provider);
    product = running.product;
    client = WebClient.create(running.vertx());
    eventually("Keycloak knows the realm", () -> tokenOf("anna") != null);
  }

  @AfterAll
  void stop() throws Exception {
    try {
      running.stop();
    } finally {
      List<ProcessHandle> all =
          Stream.concat(keycloak.descendants(), Stream.of(keycloak.toHandle())).toList();
      all.forEach(ProcessHandle::destroyForcibly);
      keycloak.waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void staff_serve_the_bars_of_their_groups_and_others_do_not_exist_for_them() {
    String anna = tokenOf("anna");
    assertThat(board("lobby", anna)).isEqualTo(200);
    assertThat(board("roof", anna)).isEqualTo(404);
    assertThat(product.post("/feed-tickets").by(anna).send().status()).isEqualTo(201);
  }

  @Test
  void who_has_an_account_but_not_the_role_has_no_part_in_this() {
    assertThat(board("lobby", tokenOf("projectionist"))).isEqualTo(403);
  }

  @Test
  void the_issuer_of_a_developers_machine_is_not_believed_beside_it() {
    assertThat(board("lobby", product.staffOf("lobby"))).isEqualTo(401);
  }

  @Test
  void the_provider_may_change_its_keys_while_everything_runs() {
    String before = tokenOf("anna");
    assertThat(board("lobby", before)).isEqualTo(200);
    addKey();

    eventually("it signs with another key", () -> !keyOf(tokenOf("anna")).equals(keyOf(before)));
    eventually("that one is believed", () -> board("lobby", tokenOf("anna")) == 200);
    assertThat(board("lobby", before)).isEqualTo(200);
  }

  private int board(String barId, String token) {
    return product.get("/bars/" + barId + "/orders").by(token).send().status();
  }

  /**
   * @return null when there is none to be had yet
   */
  private String tokenOf(String user) {
    return token("cinema", "counter", user);
  }

  private String token(String realm, String clientId, String user) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap()
            .set("grant_type", "password")
            .set("client_id", clientId)
            .set("username", user)
            .set("password", PASSWORD);
    HttpResponse<Buffer> answer =
        await(
            client
                .postAbs(url("/realms/" + realm + "/protocol/openid-connect/token"))
                .sendForm(form));
    return answer.statusCode() == 200 ? answer.bodyAsJsonObject().getString("access_token") : null;
  }

  private static String keyOf(String token) {
    byte[] header = Base64.getUrlDecoder().decode(token.split("\\.")[0]);
    return new JsonObject(new String(header, StandardCharsets.UTF_8)).getString("kid");
  }

  private void addKey() {
    JsonObject key =
        new JsonObject()
            .put("name", "another")
            .put("providerId", "rsa-generated")
            .put("providerType", "org.keycloak.keys.KeyProvider")
            .put("config", new JsonObject().put("priority", JsonArray.of("200")));
    HttpResponse<Buffer> answer =
        await(
            client
                .postAbs(url("/admin/realms/cinema/components"))
                .bearerTokenAuthentication(token("master", "admin-cli", "admin"))
                .sendJsonObject(key));
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + keycloakPort + path;
  }

  private void startKeycloak() throws IOException {
    keycloakPort = FreePort.find();
    Path home = Path.of(System.getProperty("keycloak"));
    Path realm = home.resolve("data/import/cinema.json");
    Files.createDirectories(realm.getParent());
    try (var definition = KeycloakIT.class.getResourceAsStream("cinema-realm.json")) {
      Files.write(realm, definition.readAllBytes());
    }
    Path log = data.resolve("keycloak.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--http-host=127.0.0.1",
                "--http-port=" + keycloakPort)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "KC_BOOTSTRAP_ADMIN_USERNAME",
                "admin",
                "KC_BOOTSTRAP_ADMIN_PASSWORD",
                PASSWORD,
                "KC_HTTP_MANAGEMENT_PORT",
                Integer.toString(FreePort.find())));
    keycloak = builder.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!Files.readString(log).contains("Listening on")) {
      assertThat(keycloak.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).as("Keycloak starts in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
