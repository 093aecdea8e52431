package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Crowd.Answer;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.chaos.Outcome.Refused;
import cinema.servers.FreePort;
import cinema.shared.contract.OrderStatus;
import cinema.shared.testing.Bench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cancels in a real {@code ./run cluster}: against a barkeeper in another process, and while the
 * whole bar is silent: {@code mvn -pl chaos -am verify -DskipUnitTests -Dit.test=CancelIT
 * -Dcancels=2000}. Times are printed, not asserted.
 */
@EnabledIfSystemProperty(named = "cancels", matches = "\\d+")
class CancelIT {
  private static final int RACES = Integer.getInteger("cancels", 0);
  private static final int WISHES = Integer.getInteger("wishes", 300);
  private static final int AT_ONCE = Integer.getInteger("customers", 8);

  /** From fifteen seconds on the members of the cluster give each other up. */
  private static final Duration SILENCE = Duration.ofSeconds(Integer.getInteger("silence", 3));

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final double MOST_SECONDS = 60;

  @TempDir static Path data;
  private static Premises premises;
  private static Cinema cinema;
  private static Crowd crowd;

  @BeforeAll
  static void open() throws Exception {
    premises =
        Premises.open(
            new Premises.Plan(
                FreePort.findRow(Wires.PORTS),
                data,
                Set.of(),
                System.getProperty("classpath"),
                System.getProperty("options", "-XX:TieredStopAtLevel=1"),
                Map.of()),
            Pause.REAL);
    cinema = new Cinema(premises.door());
    crowd = new Crowd(cinema, AT_ONCE);
    crowd.each(crowd.order(WISHES), crowd::cancel); // warm-up
  }

  @AfterAll
  static void close() {
    if (cinema != null) {
      cinema.close();
    }
    if (premises != null) {
      premises.close();
    }
  }

  @Test
  void of_cancel_and_start_at_the_same_moment_one_wins_and_both_are_told_so() throws Exception {
    List<UUID> orders = confirmed(crowd.order(RACES));
    Map<UUID, String> started = new ConcurrentHashMap<>();
    Process barkeeper = barkeeper();
    List<Answer> cancelled;
    try (PrintStream orderly = new PrintStream(barkeeper.getOutputStream(), true);
        ExecutorService ear = Executors.newSingleThreadExecutor()) {
      Future<?> heard = ear.submit(() -> hear(barkeeper.inputReader(), started));
      cancelled =
          crowd.each(
              orders,
              orderId -> {
                synchronized (orderly) {
                  orderly.println(orderId);
                }
                return crowd.cancel(orderId);
              });
      barkeeper.getOutputStream().close();
      heard.get(60, TimeUnit.SECONDS);
    } finally {
      barkeeper.destroyForcibly();
    }

    Map<UUID, OrderStatus> stand = settled(Set.copyOf(orders));
    int taken = 0;
    int unsure = 0;
    for (Answer answer : cancelled) {
      OrderStatus now = stand.get(answer.orderId());
      String bar = started.get(answer.orderId());
      switch (answer.told()) {
        case Acknowledged yes -> assertThat(now).isEqualTo(OrderStatus.CANCELLED);
        case Refused no -> {
          assertThat(no.problem()).isEqualTo("too-late");
          assertThat(no.orderStatus()).isEqualTo(OrderStatus.PREPARING);
          assertThat(now).isEqualTo(OrderStatus.PREPARING);
        }
        case Pending pending -> unsure++;
        case Outcome.Unknown unknown -> unsure++;
      }
      if (now == OrderStatus.CANCELLED) {
        taken++;
        assertThat(bar).isIn("refused CANCELLED", "unknown -");
      } else {
        assertThat(bar).isIn("started PREPARING", "unknown -");
      }
    }
    System.out.printf(
        "%d races: %d cancelled, %d started, %d cancels settled later%n",
        RACES, taken, RACES - taken, unsure);
    assertThat(taken).isBetween(RACES / 50, RACES - RACES / 50);
  }

  @Test
  void while_the_bar_is_frozen_wishes_are_kept_and_settled_afterwards() throws Exception {
    List<UUID> orders = confirmed(crowd.order(WISHES));
    premises.signal("STOP", premises.of(new Target.Pair("snackbar")));
    List<Answer> answers;
    try {
      answers = crowd.each(orders, crowd::cancel);
      Pause.REAL.take(SILENCE);
    } finally {
      premises.signal("CONT", premises.of(new Target.Pair("snackbar")));
    }
    settledAfter("frozen", answers);
  }

  @Test
  void when_the_bar_was_killed_wishes_are_kept_and_settled_once_it_is_back() throws Exception {
    List<UUID> orders = confirmed(crowd.order(WISHES));
    premises.signal("KILL", premises.of(new Target.Pair("snackbar")));
    settledAfter("killed", crowd.each(orders, crowd::cancel));
  }

  private static void settledAfter(String what, List<Answer> answers) throws Exception {
    long began = System.nanoTime();
    assertThat(answers)
        .allSatisfy(
            answer -> assertThat(answer.told()).isInstanceOfAny(Acknowledged.class, Pending.class));
    Set<UUID> orders = answers.stream().map(Answer::orderId).collect(Collectors.toSet());
    double whole = -1;
    double settled = -1;
    while (whole < 0 || settled < 0) {
      double now = (System.nanoTime() - began) / 1e9;
      assertThat(now).isLessThan(MOST_SECONDS);
      whole = whole < 0 && premises.isWhole() ? now : whole;
      settled = settled < 0 && waiting() == 0 ? now : settled;
      Pause.REAL.take(LOOK);
    }
    System.out.printf(
        "%s: %s; the bar is ready %.1f s later, the last wish settled %.1f s later%n",
        what, took(answers), whole, settled);
    Map<UUID, OrderStatus> stand = settled(orders);
    assertThat(stand.values()).containsOnly(OrderStatus.CANCELLED);
  }

  private static String took(List<Answer> answers) {
    List<Duration> kept =
        answers.stream()
            .filter(answer -> answer.told() instanceof Pending)
            .map(Answer::took)
            .sorted()
            .toList();
    return "%d cancels, %d answered 202, within %d ms at most, %d ms in the middle"
        .formatted(
            answers.size(),
            kept.size(),
            kept.isEmpty() ? 0 : kept.getLast().toMillis(),
            kept.isEmpty() ? 0 : kept.get(kept.size() / 2).toMillis());
  }

  /** Waits until the bar has all of them, so that it can be silent about them. */
  private static List<UUID> confirmed(List<UUID> orders) {
    Set<UUID> these = Set.copyOf(orders);
    Bench.eventually(
        "the bar has the orders",
        () ->
            truth().orders().stream()
                .filter(order -> these.contains(order.orderId()))
                .allMatch(Truth.OrderRow::confirmed));
    return orders;
  }

  /** Where these orders stand once order-verticle, the bar and the view agree. */
  private static Map<UUID, OrderStatus> settled(Set<UUID> orders) {
    Map<UUID, OrderStatus> stand = new HashMap<>();
    Bench.eventually(
        "everybody agrees",
        () -> {
          Truth truth = truth();
          stand.clear();
          truth.orders().stream()
              .filter(order -> orders.contains(order.orderId()) && !order.cancelling())
              .forEach(order -> stand.put(order.orderId(), order.status()));
          return stand.size() == orders.size()
              && truth.requests().stream()
                  .filter(request -> orders.contains(request.orderId()))
                  .allMatch(request -> request.status() == stand.get(request.orderId()))
              && truth.views().stream()
                  .filter(view -> orders.contains(view.orderId()))
                  .allMatch(view -> view.status() == stand.get(view.orderId()));
        });
    return stand;
  }

  /** How many wishes wait for the bar's answer. */
  private static int waiting() throws SQLException {
    try (Connection connection = DriverManager.getConnection(premises.databases());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM \"order\".customer_order WHERE cancel_due IS NOT NULL")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static Truth truth() {
    try {
      return new TruthReader(premises.databases(), ZoneId.of("Asia/Seoul"))
          .read(List.of(), List.of());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process barkeeper() throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Barkeeper.class.getName(),
            premises.door().toString(),
            cinema.staffToken(List.of("lobby")),
            "lobby")
        .redirectError(Redirect.INHERIT)
        .start();
  }

  private static Void hear(BufferedReader said, Map<UUID, String> started) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      int space = line.indexOf(' ');
      started.put(UUID.fromString(line.substring(0, space)), line.substring(space + 1));
    }
    return null;
  }
}
