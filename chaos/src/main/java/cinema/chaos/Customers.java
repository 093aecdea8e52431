package cinema.chaos;

import cinema.chaos.Cinema.Session;
import cinema.chaos.Operation.Cancel;
import cinema.chaos.Operation.Look;
import cinema.chaos.Operation.Place;
import cinema.chaos.Operation.Wish;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Orders at a given rate, however fast the cinema answers: a slow cinema has more of them at once,
 * up to a bound. Who does not know asks again with the same key; some take their order back.
 */
final class Customers implements AutoCloseable {
  private static final Duration LEAST_PAUSE = Duration.ofMillis(100);
  private static final Duration MOST_PAUSE = Duration.ofMillis(1000);
  private static final Duration LEAST_THOUGHT = Duration.ofMillis(1);
  private static final Duration MOST_THOUGHT = Duration.ofMillis(600);
  private static final int MOST_ITEMS = 3;

  /**
   * How they behave; shares are from 0 to 1.
   *
   * @param perSecond orders asked for, on average
   * @param mostAtOnce customers who are waiting; beyond that, new ones turn away
   * @param guests how many sessions there are
   * @param mostTries of one call
   * @param cancel share of orders that their owners try to take back
   * @param race share of these that are taken back the moment the bar starts on them
   * @param stranger share of orders that somebody else tries to see and to take back
   * @param look share of orders that their owners look at in the end
   */
  record Manner(
      double perSecond,
      int mostAtOnce,
      int guests,
      int mostTries,
      double cancel,
      double race,
      double stranger,
      double look) {
    static Manner usual(double perSecond) {
      return new Manner(perSecond, 500, 100, 8, 0.15, 0.4, 0.03, 0.1);
    }
  }

  private static final Duration OPENING = Duration.ofSeconds(8);
  private static final double LEAST_CROWD = 0.2;

  private final Cinema cinema;
  private final History history;
  private final Races races;
  private final Manner manner;
  private final long seed;
  private final Pause pause;
  private final List<Session> guests = new ArrayList<>();
  private final Map<String, List<String>> menus = new TreeMap<>();
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room;
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();

  Customers(Cinema cinema, History history, Races races, Manner manner, long seed, Pause pause) {
    this.cinema = cinema;
    this.history = history;
    this.races = races;
    this.manner = manner;
    this.seed = seed;
    this.pause = pause;
    this.room = new Semaphore(manner.mostAtOnce);
  }

  /** Opens their sessions and reads the menus, while all is well. */
  void arrive(List<String> bars) throws IOException, InterruptedException {
    for (int i = 0; i < manner.guests; i++) {
      guests.add(cinema.openSession());
    }
    for (String barId : bars) {
      menus.put(barId, cinema.menu(barId));
    }
  }

  /**
   * Orders until that is enough, fewer at first, as doors open and JVMs warm up; then waits until
   * everybody has been told.
   */
  void order(BooleanSupplier enough) throws InterruptedException {
    RandomGenerator random = Chance.of(seed, "customers");
    long began = history.now();
    long next = began;
    for (int number = 1; !enough.getAsBoolean(); number++) {
      pause.take(Duration.ofNanos(Math.max(0, next - history.now())));
      String key = seed + "-" + number;
      if (room.tryAcquire()) {
        tasks.submit(() -> visit(key));
      } else {
        turnedAway.incrementAndGet();
      }
      double crowd = Math.min(1, LEAST_CROWD + (next - began) / (double) OPENING.toNanos());
      next += (long) (-Math.log(1 - random.nextDouble()) / (manner.perSecond * crowd) * 1e9);
    }
    room.acquire(manner.mostAtOnce);
    room.release(manner.mostAtOnce);
  }

  /** How many orders were taken so far. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** How many did not even ask, since too many were waiting. */
  int turnedAway() {
    return turnedAway.get();
  }

  private Void visit(String plainKey) throws InterruptedException {
    try {
      RandomGenerator random = Chance.of(seed, plainKey);
      boolean cancels = Chance.happens(random, manner.cancel);
      boolean races = cancels && Chance.happens(random, manner.race);
      String key = races ? Races.marked(plainKey) : plainKey;
      Session guest = guests.get(random.nextInt(guests.size()));
      UUID orderId = place(random, guest, key);
      if (orderId != null) {
        acknowledged.incrementAndGet();
        if (Chance.happens(random, manner.stranger)) {
          pry(guests.get(random.nextInt(guests.size())), guest, orderId);
        }
        if (cancels) {
          takeBack(random, guest, orderId, races);
        }
        if (Chance.happens(random, manner.look)) {
          look(guest, orderId);
        }
      }
      return null;
    } finally {
      room.release();
    }
  }

  /**
   * @return null when there is no order, as far as the customer knows
   */
  private UUID place(RandomGenerator random, Session guest, String key)
      throws InterruptedException {
    Wish wish = wish(random, key);
    Place place = new Place(guest.customerId(), key, wish);
    Outcome outcome =
        again(random, () -> history.note("customer", place, () -> cinema.place(guest, key, wish)));
    return outcome instanceof Acknowledged told ? told.orderId() : null;
  }

  private Wish wish(RandomGenerator random, String key) {
    List<String> bars = List.copyOf(menus.keySet());
    String barId = bars.get(random.nextInt(bars.size()));
    List<String> items = new ArrayList<>(menus.get(barId));
    java.util.Collections.shuffle(items, random);
    List<String> lines = new ArrayList<>();
    for (String item : items.subList(0, 1 + random.nextInt(Math.min(MOST_ITEMS, items.size())))) {
      lines.add(Wish.line(item, 1 + random.nextInt(MOST_ITEMS)));
    }
    return new Wish(barId, String.join(" ", lines), "Mina " + key);
  }

  private void takeBack(RandomGenerator random, Session guest, UUID orderId, boolean race)
      throws InterruptedException {
    if (race) {
      races.meet(orderId);
    } else {
      pause.take(Chance.between(random, LEAST_THOUGHT, MOST_THOUGHT));
    }
    Cancel cancel = new Cancel(guest.customerId(), orderId);
    again(random, () -> history.note("customer", cancel, () -> cinema.cancel(guest, orderId)));
  }

  private void look(Session guest, UUID orderId) throws InterruptedException {
    Look look = new Look(guest.customerId(), orderId);
    history.note("customer", look, () -> cinema.look(guest, orderId));
  }

  /** Nobody pries into what is their own. */
  private void pry(Session stranger, Session owner, UUID orderId) throws InterruptedException {
    if (stranger.equals(owner)) {
      return;
    }
    Look look = new Look(stranger.customerId(), orderId);
    history.note("stranger", look, () -> cinema.look(stranger, orderId));
    Cancel cancel = new Cancel(stranger.customerId(), orderId);
    history.note("stranger", cancel, () -> cinema.cancel(stranger, orderId));
  }

  /** Asks until there is an answer that asking again does not change, or patience ends. */
  private Outcome again(RandomGenerator random, History.Call call) throws InterruptedException {
    Outcome outcome = call.make();
    for (int tries = 1; mayChange(outcome) && tries < manner.mostTries; tries++) {
      pause.take(Chance.between(random, LEAST_PAUSE, MOST_PAUSE));
      outcome = call.make();
    }
    return outcome;
  }

  private static boolean mayChange(Outcome outcome) {
    return switch (outcome) {
      case Acknowledged yes -> false;
      case Refused no ->
          no.http() == 0
              || no.http() == 429
              || no.http() == 503
              || no.problem().equals("in-flight");
      case Outcome.Pending neither -> false;
      case Outcome.Unknown silence -> true;
    };
  }

  @Override
  public void close() {
    tasks.shutdownNow();
  }
}
