package cinema.chaos;

import cinema.chaos.Operation.Step;
import cinema.chaos.Outcome.Acknowledged;
import cinema.shared.contract.Order;
import cinema.shared.contract.OrderStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A bar's staff: take orders off their board, one step after the other, so that boards stay small.
 * Some orders they reject, some steps they undo and take again.
 */
final class Staff implements AutoCloseable {
  private static final Duration ROUND = Duration.ofMillis(50);

  /** How long an order is left alone afterwards: its board may not know yet. */
  private static final Duration LEAST_HOLD = Duration.ofMillis(500);

  private static final Duration MOST_HOLD = Duration.ofMillis(1500);

  /**
   * How they behave; shares are from 0 to 1.
   *
   * @param mostAtOnce orders in work
   * @param leastWork before each step
   * @param reject share of orders that are turned down
   * @param undo share of steps that are undone and taken again
   */
  record Manner(int mostAtOnce, Duration leastWork, Duration mostWork, double reject, double undo) {
    static final Manner USUAL =
        new Manner(200, Duration.ofMillis(10), Duration.ofMillis(300), 0.05, 0.05);

    /**
     * Turns most of the orders down, which is one call instead of three; and waits for answers as
     * people do, so that it does not press on a machine that has no time.
     */
    static final Manner HURRIED =
        new Manner(40, Duration.ofMillis(10), Duration.ofMillis(300), 0.8, 0.03);

    /** Two hands at each bar: most orders stay where they are. */
    static final Manner FEW =
        new Manner(2, Duration.ofMillis(10), Duration.ofMillis(300), 0.1, 0.05);

    /**
     * @throws IllegalArgumentException when there is no such manner
     */
    static Manner of(String name) {
      return switch (name) {
        case "usual" -> USUAL;
        case "hurried" -> HURRIED;
        case "few" -> FEW;
        default -> throw new IllegalArgumentException("staff are usual, hurried or few: " + name);
      };
    }
  }

  private final Cinema cinema;
  private final History history;
  private final Races races;
  private final String barId;
  private final String token;
  private final Supplier<List<Order>> board;
  private final Manner manner;
  private final long seed;
  private final Pause pause;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore hands;
  private final Set<UUID> inWork = ConcurrentHashMap.newKeySet();
  private final Map<UUID, Integer> visits = new ConcurrentHashMap<>();

  /**
   * @param token that may serve the bar
   * @param board what they have before them now
   */
  Staff(
      Cinema cinema,
      History history,
      Races races,
      String barId,
      String token,
      Supplier<List<Order>> board,
      Manner manner,
      long seed,
      Pause pause) {
    this.cinema = cinema;
    this.history = history;
    this.races = races;
    this.barId = barId;
    this.token = token;
    this.board = board;
    this.manner = manner;
    this.seed = seed;
    this.pause = pause;
    this.hands = new Semaphore(manner.mostAtOnce);
  }

  void start() {
    tasks.submit(this::work);
  }

  private Void work() throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      List<Order> open = board.get();
      for (Order order : open) {
        if (!inWork.contains(order.orderId()) && hands.tryAcquire()) {
          inWork.add(order.orderId());
          tasks.submit(() -> serve(order));
        }
      }
      visits.keySet().retainAll(open.stream().map(Order::orderId).collect(Collectors.toSet()));
      pause.take(ROUND);
    }
    return null;
  }

  private Void serve(Order order) throws InterruptedException {
    UUID orderId = order.orderId();
    int visit = visits.merge(orderId, 1, Integer::sum);
    RandomGenerator random = Chance.of(seed, orderId + " " + visit);
    try {
      for (BarStep step : plan(random, order.status())) {
        pause.take(Chance.between(random, manner.leastWork, manner.mostWork));
        if (visit == 1 && step == BarStep.START && Races.isRace(order.note())) {
          races.meet(orderId);
        }
        if (!(take(orderId, step) instanceof Acknowledged)) {
          break;
        }
      }
    } finally {
      hands.release();
    }
    try {
      // The longer it does not work, the rarer it is tried: a board may be long out of date.
      pause.take(Chance.between(random, LEAST_HOLD, MOST_HOLD).multipliedBy(visit));
    } finally {
      inWork.remove(orderId);
    }
    return null;
  }

  private Outcome take(UUID orderId, BarStep step) throws InterruptedException {
    return history.note(
        "staff of " + barId,
        new Step(orderId, step),
        () -> cinema.step(token, barId, orderId, step));
  }

  private List<BarStep> plan(RandomGenerator random, OrderStatus from) {
    List<BarStep> plan = new ArrayList<>();
    boolean rejects = Chance.happens(random, manner.reject);
    if (from == OrderStatus.PLACED) {
      if (rejects && random.nextBoolean()) {
        return List.of(BarStep.REJECT);
      }
      add(plan, BarStep.START, random);
    }
    if (from != OrderStatus.READY) {
      if (rejects) {
        plan.add(BarStep.REJECT);
        return plan;
      }
      add(plan, BarStep.READY, random);
    }
    add(plan, BarStep.HAND_OVER, random);
    return plan;
  }

  private void add(List<BarStep> plan, BarStep step, RandomGenerator random) {
    plan.add(step);
    if (Chance.happens(random, manner.undo)) {
      plan.add(BarStep.UNDO);
      plan.add(step);
    }
  }

  @Override
  public void close() {
    tasks.shutdownNow();
  }
}
