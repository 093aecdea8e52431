package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.service.Identity;
import cinema.shared.service.Keys;
import cinema.shared.testing.Tokens;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what: every operation of the OpenAPI document, by everybody who may try. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {
  /** Who asks; the last four with a token that would do, were it not for one thing. */
  private enum Who {
    NOBODY,
    OWNER,
    OTHER_CUSTOMER,
    STAFF,
    STAFF_ELSEWHERE,
    EXPIRED,
    WRONG_AUDIENCE,
    WRONG_KEY,
    ALG_NONE
  }

  private static final String EXPECTED =
      """
      operation         nobody  owner  other customer  staff  staff elsewhere
      openSession          201    201             201    201              201
      listBars             200    200             200    200              200
      getMenu              200    200             200    200              200
      placeOrder           401    201             201    403              403
      getOrder             401    200             404    403              403
      cancelOrder          401    200             404    403              403
      forgetMe             401    200             200    403              403
      listMyOrders         401    200             200    403              403
      feedMyOrders         401    101             101    403              403
      feedBar              401    403             403    101              404
      feedPickup           101    101             101    101              101
      openFeedTicket       401    201             201    201              201
      listBarOrders        401    403             403    200              404
      startOrder           401    403             403    200              404
      readyOrder           401    403             403    200              404
      handOverOrder        401    403             403    200              404
      rejectOrder          401    403             403    200              404
      undoOrder            401    403             403    200              404
      listAlarms           401    403             403    200              404
      acknowledgeAlarm     401    403             403    200              404
      changeMenuItem       401    403             403    200              404
      createDevToken       201    201             201    201              201
      getSessionKeys       200    200             200    200              200
      getOpenApi           200    200             200    200              200
      """;

  /** What has to have happened to an order before. */
  private static final Map<String, List<String>> BEFORE =
      Map.of(
          "readyOrder", List.of("start"),
          "handOverOrder", List.of("start", "ready"),
          "undoOrder", List.of("start"));

  /** Where an order stands after so many of these steps. */
  private static final List<String> LIFE = List.of("PLACED", "PREPARING", "READY");

  private static final Map<String, String> BODIES =
      Map.of(
          "placeOrder", cola("Access").encode(),
          "rejectOrder", "{\"reason\":\"closed\"}",
          "changeMenuItem", "{\"available\":true}",
          "createDevToken", "{\"role\":\"staff\"}");

  /** One operation, tried by one caller. */
  private record Cell(String operation, Who who, int status) {
    @Override
    public String toString() {
      return operation + " by " + who;
    }

    boolean isRefused() {
      return status >= 400;
    }
  }

  @TempDir static Path data;

  private RunningProduct running;
  private Product product;
  private Lobby lobby;
  private HttpClient client;
  private WebSocketClient sockets;
  private OpenAPIContract contract;
  private final Map<Who, String> tokens = new HashMap<>();
  private final Map<String, String> orders = new HashMap<>();

  @BeforeAll
  void start() throws Exception {
    running = new RunningProduct(data);
    product = running.product;
    lobby = new Lobby(product);
    client = running.vertx().createHttpClient();
    sockets = running.vertx().createWebSocketClient();
    contract = await(OpenAPIContract.from(running.vertx(), "openapi.yaml"));
    tokens.put(Who.OWNER, product.customer());
    tokens.put(Who.OTHER_CUSTOMER, product.customer());
    tokens.put(Who.STAFF, lobby.token);
    tokens.put(Who.STAFF_ELSEWHERE, product.staffOf("roof"));
  }

  @AfterAll
  void stop() throws Exception {
    running.stop();
  }

  @Test
  void every_operation_has_a_row() {
    assertThat(contract.operations().stream().map(Operation::getOperationId))
        .containsExactlyInAnyOrderElementsOf(rows().keySet());
  }

  private static Map<String, int[]> rows() {
    Map<String, int[]> rows = new TreeMap<>();
    EXPECTED
        .lines()
        .skip(1)
        .map(line -> line.split(" +"))
        .forEach(
            row ->
                rows.put(row[0], Arrays.stream(row).skip(1).mapToInt(Integer::parseInt).toArray()));
    return rows;
  }

  /** Those who are refused first: it must be as if they had never asked. */
  static Stream<Cell> cells() {
    return rows().entrySet().stream()
        .flatMap(
            row ->
                Arrays.stream(Who.values())
                    .map(who -> new Cell(row.getKey(), who, expected(row.getValue(), who)))
                    .sorted((a, b) -> Boolean.compare(b.isRefused(), a.isRefused())));
  }

  /** A token that is no good is none. */
  private static int expected(int[] row, Who who) {
    return who.ordinal() < row.length ? row[who.ordinal()] : row[Who.NOBODY.ordinal()];
  }

  @ParameterizedTest
  @MethodSource("cells")
  void it_is_as_the_table_says(Cell cell) {
    Operation operation = contract.operation(cell.operation);
    boolean aboutAnOrder = operation.getOpenAPIPath().matches(".*\\{(order|alarm)Id}.*");
    String orderId = orders.computeIfAbsent(aboutAnOrder ? cell.operation : "", this::order);
    String path = path(operation, orderId);
    String before = statusOf(orderId);

    assertThat(call(operation, path, token(cell))).isEqualTo(cell.status);

    if (cell.isRefused()) {
      assertThat(statusOf(orderId)).isEqualTo(before);
    }
  }

  /** An order that the operation could do something with; the same for all who try it. */
  private String order(String operation) {
    String orderId = product.placed(tokens.get(Who.OWNER), cola("Access")).getString("orderId");
    for (String step : BEFORE.getOrDefault(operation, List.of())) {
      String path = "/bars/lobby/orders/" + orderId + "/" + step;
      eventually(step, () -> product.post(path).by(tokens.get(Who.STAFF)).send().status() == 200);
    }
    String status = LIFE.get(BEFORE.getOrDefault(operation, List.of()).size());
    eventually("the customer's side has heard", () -> statusOf(orderId).equals(status));
    if (status.equals("PLACED")) {
      eventually("the bar has it", () -> lobby.hasTaken(orderId));
    }
    if (operation.equals("acknowledgeAlarm")) {
      eventually("it has raised an alarm", () -> alarmOf(orderId) != null);
    }
    return orderId;
  }

  /**
   * @return null for none
   */
  private JsonObject alarmOf(String orderId) {
    return product
        .get("/bars/lobby/alarms?limit=200")
        .by(tokens.get(Who.STAFF))
        .send()
        .body()
        .getJsonArray("alarms")
        .stream()
        .map(JsonObject.class::cast)
        .filter(alarm -> alarm.getString("orderId").equals(orderId))
        .findFirst()
        .orElse(null);
  }

  private String statusOf(String orderId) {
    return product
        .get("/orders/" + orderId)
        .by(tokens.get(Who.OWNER))
        .send()
        .body()
        .getString("status");
  }

  private String path(Operation operation, String orderId) {
    String path =
        operation
            .getOpenAPIPath()
            .replace("{barId}", "lobby")
            .replace("{orderId}", orderId)
            .replace("{itemId}", "cola-m");
    return path.contains("{alarmId}")
        ? path.replace("{alarmId}", alarmOf(orderId).getString("alarmId"))
        : path;
  }

  private int call(Operation operation, String path, String token) {
    if (path.startsWith("/feed/")) {
      return open(path, token);
    }
    var request =
        client.request(operation.getHttpMethod(), running.place.port(), "127.0.0.1", path);
    String body = BODIES.getOrDefault(operation.getOperationId(), "");
    return await(
        request.compose(
            asked -> {
              if (token != null) {
                asked.putHeader("Authorization", "Bearer " + token);
              }
              if (!body.isEmpty()) {
                asked.putHeader("Content-Type", "application/json");
              }
              return asked.send(body).map(answer -> answer.statusCode());
            }));
  }

  private int open(String path, String token) {
    var options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(running.place.port())
            .setURI(path);
    if (token != null) {
      options.addHeader("Authorization", "Bearer " + token);
    }
    return await(
        sockets
            .connect(options)
            .compose(WebSocket::close)
            .map(closed -> 101)
            .recover(
                failure ->
                    failure instanceof UpgradeRejectedException refused
                        ? Future.succeededFuture(refused.getStatus())
                        : Future.failedFuture(failure)));
  }

  /**
   * @return null for none
   */
  private String token(Cell cell) {
    boolean customers = rows().get(cell.operation)[Who.OWNER.ordinal()] < 400;
    return switch (cell.who) {
      case NOBODY -> null;
      // With a customer of its own: the others' orders are still to be tried, as they are.
      case OWNER, OTHER_CUSTOMER, STAFF, STAFF_ELSEWHERE ->
          customers && cell.operation.equals("forgetMe") && !cell.isRefused()
              ? product.customer()
              : tokens.get(cell.who);
      case EXPIRED -> signed(key(customers), customers, Identity.AUDIENCE, -10);
      case WRONG_AUDIENCE -> signed(key(customers), customers, "elsewhere", 3600);
      case WRONG_KEY -> signed(strangersKey(), customers, Identity.AUDIENCE, 3600);
      case ALG_NONE -> Tokens.unsigned(signed(key(customers), customers, Identity.AUDIENCE, 3600));
    };
  }

  private static Path key(boolean customers) {
    return data.resolve("keys").resolve(customers ? "sessions.private.json" : "staff.private.json");
  }

  private static Path strangersKey() {
    Path key = data.resolve("stranger.private.json");
    Keys.ensure(key, data.resolve("stranger.public.json"));
    return key;
  }

  private String signed(Path key, boolean customers, String audience, int lifeSeconds) {
    JsonObject claims =
        new JsonObject()
            .put("sub", UUID.randomUUID().toString())
            .put("exp", Instant.now().plusSeconds(lifeSeconds).getEpochSecond());
    if (!customers) {
      claims.put("roles", JsonArray.of("staff")).put("bars", JsonArray.of("lobby"));
    }
    String issuer = customers ? Identity.SESSION_ISSUER : Identity.DEV_ISSUER;
    return Tokens.signed(running.vertx(), key, issuer, audience, claims);
  }
}
