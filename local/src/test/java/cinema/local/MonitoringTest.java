package cinema.local;

import static cinema.local.Product.cola;
import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import cinema.shared.contract.Routes;
import cinema.shared.service.Ids;
import cinema.shared.service.LogLines;
import cinema.shared.testing.Meters;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** What those who look after Intermission are shown: that it is there, and that it moves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("it counts what happens in this JVM")
class MonitoringTest {
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Pattern ROW = Pattern.compile("\\| `(intermission_\\w+)` \\| (.*?) \\| .*");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");
  private static final Pattern PART = Pattern.compile("_(bucket|sum|count|max)$");

  /** What Prometheus adds, and what a histogram has. */
  private static final Set<String> OTHERS = Set.of("le", "instance", "pod", "job");

  @TempDir static Path data;

  private RunningProduct running;
  private WebSocketClient sockets;
  private String scraped;

  @BeforeAll
  void start() throws Exception {
    running = new RunningProduct(data);
    sockets = running.vertx().createWebSocketClient();
    running.product.customer();
    scraped = scrape();
  }

  @AfterAll
  void stop() throws Exception {
    running.stop();
  }

  @Test
  void an_order_moves_the_figures_of_every_service_on_its_way() {
    Product product = running.product;
    String customer = product.customer();
    WebSocket board = await(sockets.connect(toBoard(product.staffOf("lobby"))));
    double accepted = value("intermission_orders_total", "outcome=\"accepted\"");
    double written = value("intermission_batch_size_sum", "batch=\"orders\"");
    double asked = value("intermission_cancel_asked_seconds_count");
    double seen = value("intermission_event_to_board_seconds_count");
    double applied = value("intermission_event_delay_seconds_count", "service=\"alarm\"");

    String orderId = product.placed(customer, cola("Mina")).getString("orderId");
    product.post("/orders").by(customer).send(new JsonObject().put("barId", "nowhere"));
    product.post("/orders").send(cola("nobody"));
    product.delete("/orders/" + orderId).by(customer).send();

    assertThat(value("intermission_orders_total", "outcome=\"accepted\"")).isEqualTo(accepted + 1);
    assertThat(value("intermission_batch_size_sum", "batch=\"orders\"")).isEqualTo(written + 1);
    // Whatever the bar has said: on a slow machine it may have to be asked again.
    assertThat(value("intermission_cancel_asked_seconds_count")).isGreaterThan(asked);
    assertThat(value("intermission_orders_total", "outcome=\"invalid\"")).isPositive();
    eventually(
        "who is nobody counts",
        () -> value("intermission_orders_total", "outcome=\"not-allowed\"") > 0);
    eventually(
        "the board is sent it", () -> value("intermission_event_to_board_seconds_count") > seen);
    eventually(
        "alarms are raised",
        () -> value("intermission_event_delay_seconds_count", "service=\"alarm\"") > applied);
    eventually("it is open", () -> value("intermission_feed_sockets", "feed=\"board\"") == 1);
    for (Routes.Service service : Routes.Service.values()) {
      String name = "service=\"" + Place.name(service) + "\"";
      eventually("it is ready", () -> value("intermission_ready", name) == 1);
      assertThat(value("intermission_event_loop_delay_seconds_count", name)).isPositive();
    }
    await(board.close());
  }

  @Test
  void nothing_that_a_customer_says_and_no_token_is_in_the_log_at_any_level() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger ours = (Logger) LoggerFactory.getLogger("cinema");
    Level level = ours.getLevel();
    log.start();
    ours.setLevel(Level.TRACE);
    ours.addAppender(log);
    Product product = running.product;
    String customer = product.customer();
    Lobby lobby = new Lobby(product);
    JsonObject wanted = cola("Zofia").put("seat", "Q99").put("note", "no ice");
    wanted.getJsonObject("customer").put("phone", "+82 10 5550 1234");

    String cancelled = product.placed(customer, wanted).getString("orderId");
    product.delete("/orders/" + cancelled).by(customer).send();
    String rejected = product.placed(customer, wanted).getString("orderId");
    eventually("the bar has it", () -> lobby.hasTaken(rejected));
    product.post("/orders").by(customer).send(wanted.copy().put("note", 7));
    product.post("/orders").by(customer + "x").send(wanted);
    product.post("/orders").by(customer).send("{\"customer\":{\"name\":Zofia}}");
    product.post("/feed-tickets").by(lobby.token).send();
    setAside("{\"customer\":{\"name\":Zofia,\"phone\":\"+82 10 5550 1234\"}}", log);
    product.delete("/my-data").by(customer).send();

    ours.detachAppender(log);
    ours.setLevel(level);
    assertThat(heard(log))
        .doesNotContain("Zofia", "5550", "Q99", "no ice", customer, lobby.token)
        .doesNotContain("eyJ");
  }

  /** An event that services cannot read, and say so. */
  private void setAside(String value, ListAppender<ILoggingEvent> log) {
    KafkaProducer<String, String> producer =
        KafkaProducer.create(
            running.vertx(),
            Map.of(
                "bootstrap.servers", "127.0.0.1:" + running.place.kafkaPort(),
                "key.serializer", StringSerializer.class.getName(),
                "value.serializer", StringSerializer.class.getName()));
    var unreadable = KafkaProducerRecord.create("orders", "lobby", value);
    unreadable.addHeader("ce_type", "OrderPlaced").addHeader("ce_subject", Ids.next().toString());
    await(producer.send(unreadable));
    eventually("it is said", () -> heard(log).contains("is set aside"));
    await(producer.close());
  }

  private static String heard(ListAppender<ILoggingEvent> log) {
    LogLines lines = new LogLines();
    return List.copyOf(log.list).stream()
        .map(event -> new String(lines.encode(event), StandardCharsets.UTF_8))
        .collect(Collectors.joining());
  }

  @Test
  void the_table_names_every_metric_of_ours_with_its_labels_and_no_other() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(row.group(1), found(CODE, row.group(2)));
      }
    }
    Map<String, Set<String>> shown = new TreeMap<>();
    samples()
        .forEach(
            (name, labels) -> {
              if (name.startsWith("intermission_")) {
                Set<String> own = new TreeSet<>(labels);
                own.removeAll(Set.of("le", "service"));
                shown.merge(PART.matcher(name).replaceFirst(""), own, MonitoringTest::both);
              }
            });

    assertThat(documented).isEqualTo(shown);
  }

  @Test
  void the_dashboard_asks_for_nothing_that_services_do_not_show() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Path.of("../k8s/monitoring/dashboard.json").toFile());
    List<String> asked = new ArrayList<>();
    dashboard.findValues("expr").forEach(each -> asked.add(each.asText()));

    assertThat(asked).hasSizeGreaterThan(20);
    assertShown(asked);
  }

  @Test
  void the_alerts_ask_for_nothing_that_services_do_not_show() throws IOException {
    assertShown(AlertRules.read().stream().map(AlertRules.Alert::expression).toList());
  }

  private void assertShown(List<String> expressions) {
    Map<String, Set<String>> samples = samples();
    for (String expression : expressions) {
      List<PromQl.Selector> selectors = PromQl.selectors(expression);
      assertThat(selectors).as(expression).isNotEmpty();
      for (PromQl.Selector each : selectors) {
        assertThat(samples).as(expression).containsKey(each.metric());
        assertThat(both(samples.get(each.metric()), OTHERS))
            .as(expression)
            .containsAll(each.labels());
      }
      Set<String> known = new TreeSet<>(OTHERS);
      selectors.forEach(each -> known.addAll(samples.get(each.metric())));
      assertThat(known).as(expression).containsAll(PromQl.grouped(expression));
    }
  }

  /** Every sample's name, with the labels that any of its series has. */
  private Map<String, Set<String>> samples() {
    Map<String, Set<String>> samples = new TreeMap<>();
    scraped
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertThat(sample.matches()).as(line).isTrue();
              String labels = sample.group(2) == null ? "" : sample.group(2);
              samples.merge(sample.group(1), found(LABEL, labels), MonitoringTest::both);
            });
    return samples;
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new TreeSet<>(one);
    both.addAll(other);
    return both;
  }

  private WebSocketConnectOptions toBoard(String staff) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(running.place.port())
        .setURI("/feed/bars/lobby")
        .addHeader("authorization", "Bearer " + staff);
  }

  private double value(String name, String... labels) {
    return Meters.valueIn(scrape(), name, labels);
  }

  /** Of any service: all of them are in this process. */
  private String scrape() {
    int port = running.place.portOf(Routes.Service.ORDER);
    WebClient client = WebClient.create(running.vertx());
    String text = await(client.get(port, "127.0.0.1", "/metrics").send()).bodyAsString();
    client.close();
    return text;
  }
}
