package cinema.order;

import cinema.shared.contract.Order;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.Wire;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Batcher;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Metrics;
import cinema.shared.service.Problem;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an order: checks it against the menu, stores it with its key and its event in one
 * transaction, and tells the bar.
 */
final class PlaceOrder {
  private static final Logger LOG = LoggerFactory.getLogger(PlaceOrder.class);
  private static final int MOST_WAITING = 4096;

  /**
   * An order about to be stored; its pickup number is not known yet.
   *
   * @param json of the event, with 0 for the pickup number
   */
  record Asked(
      OrderPlaced placed, String json, Trace trace, LocalDate day, String key, String fingerprint) {

    Asked(OrderPlaced placed, Trace trace, LocalDate day, String key, String fingerprint) {
      this(placed, Wire.encode(placed), trace, day, key, fingerprint);
    }

    /** As the outbox has it: see {@link PlacingStore}. */
    Told<OrderEvent> told(int number) {
      String numbered = json.replace("\"pickupNumber\":0", "\"pickupNumber\":" + number);
      return new Told<>(PlaceOrder.numbered(placed, number), trace, numbered);
    }
  }

  private record KeyInUse(UUID customerId, String key) {}

  private final PlacingStore store;
  private final Outbox<OrderEvent> outbox;
  private final Menu menu;
  private final Clock clock;
  private final ZoneId timeZone;
  private final Batcher<Asked, Integer> batcher;
  private final Set<KeyInUse> inFlight = new HashSet<>();

  /**
   * @param pause completes after so many milliseconds
   */
  PlaceOrder(
      PlacingStore store,
      Outbox<OrderEvent> outbox,
      Menu menu,
      Metrics metrics,
      Clock clock,
      LongFunction<Future<Void>> pause,
      ZoneId timeZone) {
    this.store = store;
    this.outbox = outbox;
    this.menu = menu;
    this.clock = clock;
    this.timeZone = timeZone;
    this.batcher =
        Batcher.<Asked, Integer>intoDatabase("orders", MOST_WAITING, metrics, this::storeAll)
            .resting(System::nanoTime, pause);
  }

  int waiting() {
    return batcher.waiting();
  }

  /**
   * Places an order, or finds the one that this key has placed before.
   *
   * @param key the customer's Idempotency-Key; null when none was sent
   * @return the order as it was when it was placed; fails with a problem when it cannot be taken
   */
  Future<Order> place(UUID customerId, OrderForm form, String key, Trace trace) {
    if (key == null) {
      return place(customerId, form, null, null, trace);
    }
    KeyInUse inUse = new KeyInUse(customerId, key);
    if (!inFlight.add(inUse)) {
      return Future.failedFuture(
          Problem.of(409, "in-flight", "Still at it", "An order with this key is being placed.")
              .retryAfter(1)
              .thrown());
    }
    return place(customerId, form, key, form.fingerprint(), trace)
        .onComplete(done -> inFlight.remove(inUse));
  }

  private Future<Order> place(
      UUID customerId, OrderForm form, String key, String fingerprint, Trace trace) {
    Menu.Priced priced;
    try {
      priced = menu.price(form);
    } catch (Problem.Thrown refusal) {
      // The menu may have changed since this key's order was taken: the first answer still holds.
      return key == null
          ? Future.failedFuture(refusal)
          : placedBefore(customerId, key, fingerprint)
              .compose(
                  order ->
                      order == null ? Future.failedFuture(refusal) : Future.succeededFuture(order));
    }
    OrderPlaced placed = placed(customerId, form, priced);
    LocalDate day = LocalDate.ofInstant(placed.occurredAt(), timeZone);
    return batcher
        .add(new Asked(placed, trace, day, key, fingerprint))
        .recover(failure -> Future.failedFuture(said(failure)))
        .compose(
            number ->
                number > 0
                    ? Future.succeededFuture(numbered(placed, number).order())
                    : placedBefore(customerId, key, fingerprint));
  }

  private OrderPlaced placed(UUID customerId, OrderForm form, Menu.Priced priced) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new OrderPlaced(
        Ids.next(),
        1,
        now,
        form.barId(),
        customerId,
        0,
        priced.lines(),
        priced.total(),
        priced.currency(),
        form.customer(),
        form.seat(),
        form.note(),
        now.plus(priced.preparation()));
  }

  private static OrderPlaced numbered(OrderPlaced placed, int number) {
    return new OrderPlaced(
        placed.orderId(),
        placed.version(),
        placed.occurredAt(),
        placed.barId(),
        placed.customerId(),
        number,
        placed.lines(),
        placed.total(),
        placed.currency(),
        placed.customer(),
        placed.seat(),
        placed.note(),
        placed.readyBy());
  }

  private Future<List<Integer>> storeAll(List<Asked> batch) {
    UUID outboxId = Ids.next();
    return store
        .place(outboxId, batch)
        .onSuccess(
            numbers -> {
              List<Told<OrderEvent>> events = new ArrayList<>(batch.size());
              for (int i = 0; i < batch.size(); i++) {
                if (numbers.get(i) > 0) {
                  events.add(batch.get(i).told(numbers.get(i)));
                }
              }
              if (!events.isEmpty()) {
                outbox.publish(outboxId, events);
              }
            })
        .onFailure(
            failure -> {
              if (!Database.saysNo(failure)) {
                batch.forEach(asked -> sayUnknown(asked, failure));
              }
            });
  }

  /** Its customer is told the same, and may ask about it. */
  private static void sayUnknown(Asked asked, Throwable failure) {
    LOG.atWarn()
        .addKeyValue("trace", asked.trace.traceId())
        .addKeyValue("order", asked.placed.orderId())
        .log("an order may or may not have been placed: {}", failure.toString());
  }

  /**
   * @return null when this key has not placed any
   */
  private Future<Order> placedBefore(UUID customerId, String key, String fingerprint) {
    return store
        .placedWith(customerId, key)
        .map(
            before -> {
              if (before == null) {
                return null;
              }
              if (before.fingerprint() != null && !before.fingerprint().equals(fingerprint)) {
                throw Problem.of(
                        422,
                        "key-reused",
                        "Another order has this key",
                        "This Idempotency-Key came with another body before.")
                    .thrown();
              }
              return before.order();
            });
  }

  /** A connection lost during the commit says neither yes nor no. */
  private static Throwable said(Throwable failure) {
    if (failure instanceof Problem.Thrown || Database.saysNo(failure)) {
      return failure;
    }
    return Problem.unknown(
            "The order may or may not have been placed. Send it again with the same"
                + " Idempotency-Key to be sure.")
        .thrown();
  }
}
