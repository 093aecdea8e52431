package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.local.Product.Answered;
import cinema.servers.KafkaServer;
import cinema.servers.PostgresServer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One service's database is lost and restored while the others and Kafka are further ahead, as
 * {@code docs/operations.md} says it is done.
 */
class RestoreTest {
  @TempDir Path data;

  private PostgresServer postgres;
  private KafkaServer kafka;
  private RunningProduct running;
  private Product product;
  private Lobby lobby;
  private String customer;
  private int runs;
  private WebSocketClient sockets;

  @BeforeEach
  void start() throws Exception {
    postgres = PostgresServer.temporary();
    kafka = KafkaServer.temporary();
    open();
    customer = product.customer();
  }

  @AfterEach
  void stop() throws Exception {
    try {
      if (running != null) {
        running.stop();
      }
    } finally {
      kafka.close();
      postgres.close();
    }
  }

  @Test
  void orders_outlive_their_database() throws Exception {
    String cancelledSince = place("Ari");
    String servedSince = place("Bo");
    String forgotten = product.customer();
    String namelessSince = product.placed(forgotten, cola("Cho")).getString("orderId");
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<List<String>> meanwhile =
        CompletableFuture.supplyAsync(() -> placeUntil(enough));
    Backup backup = Backup.of("order", postgres.port());
    String unseen = place("Dana");
    enough.set(true);
    List<String> all = new ArrayList<>(meanwhile.join());
    all.addAll(List.of(cancelledSince, servedSince, namelessSince, unseen));
    eventually("the board has all", () -> lobby.board().containsAll(all));
    eventually("the bar has all", () -> all.stream().allMatch(lobby::hasTaken));
    product.delete("/orders/" + cancelledSince).by(customer).send();
    List.of("start", "ready", "hand-over").forEach(step -> lobby.take(servedSince, step));
    lobby.take(unseen, "start");
    product.delete("/my-data").by(forgotten).send();
    eventually("the view knows that, too", () -> !lobby.board().contains(cancelledSince));
    eventually("and that", () -> status(unseen).equals("PREPARING"));
    eventually("and who is forgotten", () -> !lobby.orders().encode().contains("Cho"));
    JsonObject seen = follow("").getFirst();

    close();
    Backup.lose("order", postgres.port());
    backup.restore(postgres.port());
    Backup.complete("order", postgres.port());
    open();

    List<String> ours = all.stream().filter(each -> !each.equals(namelessSince)).toList();
    assertThat(ours).allSatisfy(each -> assertThat(status(each)).isNotEqualTo("404"));
    assertThat(status(cancelledSince)).isEqualTo("CANCELLED");
    assertThat(status(servedSince)).isEqualTo("HANDED_OVER");
    eventually("the bar says what it has begun", () -> status(unseen).equals("PREPARING"));
    Answered nameless = product.get("/orders/" + namelessSince).by(forgotten).send();
    assertThat(nameless.body().getJsonObject("customer").getString("name")).isEmpty();

    String later = place("Eun");
    eventually("a new one comes to the board", () -> lobby.board().contains(later));
    eventually("and rings", () -> lobby.isAlarmedBy("Eun"));
    List<JsonObject> resumed =
        follow("&epoch=" + seen.getString("epoch") + "&since=" + seen.getLong("seq"));
    eventually("a board that was away hears of it", () -> resumed.toString().contains(later));
    assertThat(resumed.getFirst().getLong("seq")).isEqualTo(seen.getLong("seq") + 1);
    all.add(later);
    assertThat(lobby.history()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(lobby.pickupNumbers()).hasSameSizeAs(all).doesNotHaveDuplicates();
    assertThat(lobby.alarmed()).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void a_view_that_is_lost_is_read_from_kafka_again() throws Exception {
    String open = place("Ari");
    String served = place("Bo");
    eventually("the bar has both", () -> lobby.hasTaken(open) && lobby.hasTaken(served));
    List.of("start", "ready", "hand-over").forEach(step -> lobby.take(served, step));
    eventually("it is served", () -> !lobby.board().contains(served));
    JsonObject seen = follow("").getFirst();
    assertThatThrownBy(() -> Reread.run(environment(), "view", line -> {}))
        .isInstanceOf(CannotRun.class)
        .hasMessageContaining("view still reads");

    close();
    Backup.lose("view", postgres.port());
    List<String> said = new ArrayList<>();
    Reread.run(environment(), "view", said::add);
    assertThat(said).containsExactly("view reads all that Kafka has when it starts again");
    open();

    eventually("everything is there again", () -> lobby.history().size() == 2);
    eventually("as it was", () -> lobby.board().equals(List.of(open)));
    List<JsonObject> anew =
        follow("&epoch=" + seen.getString("epoch") + "&since=" + seen.getLong("seq"));
    assertThat(anew.getFirst().getString("type")).isEqualTo("snapshot");
    assertThat(anew.getFirst().getString("epoch")).isNotEqualTo(seen.getString("epoch"));
    String later = place("Cho");
    eventually("and goes on", () -> lobby.board().equals(List.of(open, later)));
  }

  @Test
  void a_view_that_is_restored_shows_what_has_happened_since() throws Exception {
    String before = place("Ari");
    eventually("it is on the board", () -> lobby.board().contains(before));
    Backup backup = Backup.of("view", postgres.port());
    String since = place("Bo");
    eventually("the bar has it", () -> lobby.hasTaken(since));
    product.delete("/orders/" + before).by(customer).send();
    eventually("only that is left", () -> lobby.board().equals(List.of(since)));
    JsonObject seen = follow("").getFirst();

    close();
    Backup.lose("view", postgres.port());
    backup.restore(postgres.port());
    Backup.complete("view", postgres.port());
    Reread.run(environment(), "view", line -> {});
    open();

    List<JsonObject> anew =
        follow("&epoch=" + seen.getString("epoch") + "&since=" + seen.getLong("seq"));
    assertThat(anew.getFirst().getString("type")).isEqualTo("snapshot");
    assertThat(anew.getFirst().getString("epoch")).isNotEqualTo(seen.getString("epoch"));
    eventually("it is as it was", () -> lobby.board().equals(List.of(since)));
    assertThat(lobby.history()).containsExactlyInAnyOrder(before, since);
  }

  @Test
  void a_bar_and_its_alarms_keep_to_what_they_have_said_since() throws Exception {
    List<JsonObject> board = follow("");
    String cancelled = place("Ari");
    String begun = place("Bo");
    String forgotten = product.customer();
    String nameless = product.placed(forgotten, cola("Cho")).getString("orderId");
    List<String> all = new ArrayList<>(List.of(cancelled, begun, nameless));
    eventually("the bar has all", () -> all.stream().allMatch(lobby::hasTaken));
    eventually("and all ring", () -> all.stream().allMatch(each -> rings(board, each)));
    Backup bar = Backup.of("snackbar", postgres.port());
    Backup alarms = Backup.of("alarm", postgres.port());
    String seenTo = place("Dana");
    String unheard = place("Eun");
    all.addAll(List.of(seenTo, unheard));
    eventually("the bar has these, too", () -> all.stream().allMatch(lobby::hasTaken));
    eventually("and they ring", () -> all.stream().allMatch(each -> rings(board, each)));
    product.delete("/orders/" + cancelled).by(customer).send();
    lobby.take(begun, "start");
    lobby.acknowledge(seenTo);
    product.delete("/my-data").by(forgotten).send();
    lobby.change("cola-m", new JsonObject().put("price", 3300));
    eventually("the order is begun", () -> status(begun).equals("PREPARING"));
    eventually("the price is known", () -> price() == 3300);
    eventually(
        "their alarms are seen to",
        () ->
            Stream.of(cancelled, begun, seenTo)
                .allMatch(each -> told(board, "alarm", each).toString().contains("acknowledged")));
    eventually("who is forgotten is", () -> !lobby.alarms().toString().contains("Cho"));
    eventually("on the board, too", () -> !lobby.orders().encode().contains("Cho"));
    Map<String, JsonObject> rung = lobby.alarms();
    JsonObject seen = follow("").getFirst();

    close();
    Backup.lose("snackbar", postgres.port());
    Backup.lose("alarm", postgres.port());
    bar.restore(postgres.port());
    alarms.restore(postgres.port());
    // Longer ago than the boards' log goes back.
    Backup.run(
        "UPDATE view.feed_log SET alarms = ARRAY(SELECT CASE WHEN alarm::jsonb ->> 'orderId' <> '"
            + unheard
            + "' THEN alarm END FROM unnest(alarms) AS alarm)",
        postgres.port());
    for (String service : List.of("snackbar", "alarm")) {
      // Taken in the moment before all of it was marked as told.
      Backup.run("UPDATE " + service + ".outbox SET published_at = NULL", postgres.port());
      Backup.complete(service, postgres.port());
      Reread.run(environment(), service, line -> {});
    }
    open();

    List<JsonObject> news =
        follow("&epoch=" + seen.getString("epoch") + "&since=" + seen.getLong("seq"));
    eventually("of whom nobody has heard rings again", () -> lobby.isAlarmedBy("Eun"));
    eventually("where open orders stand is told", () -> !told(news, "order", begun).isEmpty());
    eventually("and who rings", () -> rings(news, unheard));
    assertThat(lobby.alarmed()).containsExactlyInAnyOrderElementsOf(all);
    Map<String, JsonObject> ringing = lobby.alarms();
    rung.remove(unheard);
    assertThat(ringing).containsAllEntriesOf(rung);

    Answered refused = lobby.take(cancelled, "start");
    assertThat(refused.body().getString("orderStatus")).isEqualTo("CANCELLED");
    assertThat(product.delete("/orders/" + begun).by(customer).send().type())
        .isEqualTo("/problems/too-late");
    assertThat(lobby.take(begun, "ready").status()).isEqualTo(200);
    eventually("the customer hears of it", () -> status(begun).equals("READY"));
    assertThat(lobby.take(seenTo, "start").status()).isEqualTo(200);
    eventually("the view hears of it", () -> lobby.orders().encode().contains("READY"));
    assertThat(price()).isEqualTo(3300);
    lobby.change("cola-m", new JsonObject().put("available", false));
    eventually(
        "what is sold out cannot be ordered",
        () -> product.post("/orders").by(customer).send(cola("Fay")).status() == 409);
    assertThat(price()).isEqualTo(3300);
    assertThat(all).filteredOn(each -> rings(news, each)).containsExactly(unheard);
  }

  @Test
  void a_service_that_is_not_there_is_one_clear_line() {
    assertThatThrownBy(() -> Reread.run(environment(), "kitchen", line -> {}))
        .isInstanceOf(CannotRun.class)
        .hasMessage("say which service: order, snackbar, alarm, view");
  }

  private Map<String, String> environment() {
    return Map.of("POSTGRES_URL", postgres.url(), "KAFKA_BOOTSTRAP", kafka.bootstrap());
  }

  /** With the keys of the time before; a directory is this JVM's until it ends. */
  private void open() throws Exception {
    Path before = data.resolve("run-" + runs++).resolve("keys");
    Path here = data.resolve("run-" + runs);
    if (Files.exists(before)) {
      Files.createDirectories(here.resolve("keys"));
      for (String name :
          List.of(
              "sessions.private.json",
              "sessions.public.json",
              "staff.private.json",
              "staff.public.json")) {
        Files.copy(before.resolve(name), here.resolve("keys").resolve(name));
      }
    }
    running = new RunningProduct(here, environment());
    product = running.product;
    lobby = new Lobby(product);
    sockets = running.vertx().createWebSocketClient();
  }

  private void close() throws Exception {
    RunningProduct closing = running;
    running = null;
    closing.stop();
  }

  private String place(String name) {
    return product.placed(customer, cola(name)).getString("orderId");
  }

  /** Some before the backup, some while it is taken, some after it. */
  private List<String> placeUntil(AtomicBoolean enough) {
    List<String> placed = new ArrayList<>();
    while (placed.size() < (enough.get() ? 10 : 50)) {
      placed.add(place("Many"));
    }
    return placed;
  }

  private String status(String orderId) {
    Answered answered = product.get("/orders/" + orderId).by(customer).send();
    return answered.body().getValue("status").toString();
  }

  /** What a board was told of an order, or of its alarm. */
  private static List<JsonObject> told(List<JsonObject> frames, String what, String orderId) {
    return frames.stream()
        .filter(frame -> frame.getString("type").equals(what))
        .filter(frame -> frame.getJsonObject(what).getString("orderId").equals(orderId))
        .toList();
  }

  private static boolean rings(List<JsonObject> frames, String orderId) {
    return !told(frames, "alarm", orderId).isEmpty();
  }

  private int price() {
    return product.get("/bars/lobby/menu").send().body().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .filter(item -> item.getString("itemId").equals("cola-m"))
        .findFirst()
        .orElseThrow()
        .getInteger("price");
  }

  /** What a board is told, from its first frame on. */
  private List<JsonObject> follow(String since) {
    String ticket = product.post("/feed-tickets").by(lobby.token).send().body().getString("ticket");
    List<JsonObject> frames = new CopyOnWriteArrayList<>();
    var feed = sockets.webSocket();
    feed.textMessageHandler(frame -> frames.add(new JsonObject(frame)));
    await(
        feed.connect(
            running.place.port(), "127.0.0.1", "/feed/bars/lobby?ticket=" + ticket + since));
    eventually("the feed has begun", () -> !frames.isEmpty());
    return frames;
  }
}
