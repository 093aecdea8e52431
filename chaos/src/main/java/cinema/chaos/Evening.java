package cinema.chaos;

import cinema.chaos.Truth.Trouble;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One evening at the cinema: customers order, staff work, boards watch; and in the end the count.
 * Whatever else goes on meanwhile is somebody else's doing.
 */
final class Evening implements AutoCloseable {
  private static final Duration RACE = Duration.ofSeconds(2);
  private static final Duration DELIVERED_WITHIN = Duration.ofSeconds(10);
  private static final Duration BETWEEN_COUNTS = Duration.ofMillis(500);

  /**
   * @param door the front door, such as {@code http://127.0.0.1:8080}
   * @param databases for JDBC: the one server that has all schemas
   * @param boardsEach watchers of each bar's feed
   */
  record Plan(
      URI door,
      String databases,
      ZoneId timeZone,
      List<String> bars,
      int boardsEach,
      Customers.Manner customers,
      Staff.Manner staff,
      long seed) {}

  private final Plan plan;
  private final Pause pause;
  private final History history = new History(System::nanoTime);
  private final Races races = new Races(RACE);
  private final Cinema cinema;
  private final Customers customers;
  private final List<Board> boards = new ArrayList<>();
  private final List<BoardWatcher> watchers = new ArrayList<>();
  private final List<Staff> staff = new ArrayList<>();

  Evening(Plan plan, Pause pause) {
    this.plan = plan;
    this.pause = pause;
    this.cinema = new Cinema(plan.door);
    this.customers = new Customers(cinema, history, races, plan.customers, plan.seed, pause);
  }

  /** Nanoseconds since it began, as in the history. */
  long now() {
    return history.now();
  }

  /** Opens sessions, boards and bars, while all is well. */
  void open() throws IOException, InterruptedException {
    customers.arrive(plan.bars);
    for (String barId : plan.bars) {
      String token = cinema.staffToken(List.of(barId));
      for (int i = 1; i <= plan.boardsEach; i++) {
        Board board = new Board("board " + i + " of " + barId, barId, history::now);
        boards.add(board);
        BoardWatcher watcher =
            new BoardWatcher(
                plan.door,
                barId,
                token,
                board,
                BoardWatcher.SILENCE,
                pause,
                Chance.of(plan.seed, "board " + i + " of " + barId));
        watchers.add(watcher);
        watcher.start();
      }
      // The staff look at the first board.
      Board before = boards.get(boards.size() - plan.boardsEach);
      Staff crew =
          new Staff(
              cinema, history, races, barId, token, before::orders, plan.staff, plan.seed, pause);
      staff.add(crew);
      crew.start();
    }
  }

  /** Lets customers order until that is enough, and waits until all of them have been told. */
  void serve(BooleanSupplier enough) throws InterruptedException {
    customers.order(enough);
  }

  /** How many orders were taken so far. */
  int acknowledged() {
    return customers.acknowledged();
  }

  /**
   * Counts until all is settled or the limit is over.
   *
   * @param clearing how long staff go on working, as long as there is something on a board
   * @param limit for all of it
   * @param troubles when something was broken
   * @return the last count
   */
  Report settle(Duration clearing, Duration limit, List<Trouble> troubles)
      throws SQLException, InterruptedException {
    long until = history.now() + limit.toNanos();
    long closing = history.now() + clearing.toNanos();
    while (history.now() < closing && boards.stream().anyMatch(Evening::hasWork)) {
      pause.take(BETWEEN_COUNTS);
    }
    staff.forEach(Staff::close);
    Report report = count(troubles);
    while (mayStillSettle(report) && history.now() < until) {
      pause.take(BETWEEN_COUNTS);
      report = count(troubles);
    }
    return report;
  }

  /** What came late stays late. */
  private static boolean mayStillSettle(Report report) {
    return report.anomalies().stream()
        .anyMatch(found -> found.kind() != Anomaly.Kind.NOT_DELIVERED_IN_TIME);
  }

  private static boolean hasWork(Board board) {
    return !board.orders().isEmpty();
  }

  private Report count(List<Trouble> troubles) throws SQLException {
    Truth truth =
        new TruthReader(plan.databases, plan.timeZone)
            .read(boards.stream().map(Board::watched).toList(), troubles);
    return new Checker(DELIVERED_WITHIN).check(history, truth);
  }

  /** How many customers found no room, and how often the boards had to connect. */
  String told() {
    return "%d customers turned away; boards connected %s times and were refused %s times"
        .formatted(
            customers.turnedAway(),
            watchers.stream().map(BoardWatcher::connections).toList(),
            watchers.stream().map(BoardWatcher::refusals).toList());
  }

  @Override
  public void close() {
    staff.forEach(Staff::close);
    customers.close();
    watchers.forEach(BoardWatcher::close);
    cinema.close();
  }
}
