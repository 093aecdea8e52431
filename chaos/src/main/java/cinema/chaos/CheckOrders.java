package cinema.chaos;

import cinema.chaos.History.Key;
import cinema.chaos.Operation.Place;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Refused;
import cinema.chaos.Truth.OrderRow;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Every order that was promised is stored, once, as it was promised; and no other is. */
final class CheckOrders {
  private final Evidence evidence;

  CheckOrders(Evidence evidence) {
    this.evidence = evidence;
  }

  void run() {
    evidence.places.forEach(this::promised);
    Map<Key, Set<UUID>> made = made();
    made.forEach(this::once);
    evidence.truth.orders().forEach(this::askedFor);
    pickupNumbers();
  }

  private void promised(Key key, List<Operation> attempts) {
    for (Operation attempt : attempts) {
      if (attempt.outcome() instanceof Acknowledged told) {
        OrderRow row = evidence.orders.get(told.orderId());
        if (row == null) {
          evidence.found(
              Anomaly.Kind.LOST_ORDER,
              told.orderId(),
              "answered %d to key %s, and there is no such order",
              told.http(),
              key.key());
        } else {
          asPromised(row, (Place) attempt.ask(), told);
        }
      }
    }
  }

  private void asPromised(OrderRow row, Place asked, Acknowledged told) {
    if (row.pickupNumber() != told.pickupNumber()) {
      disagrees(row, "pickup number", told.pickupNumber(), row.pickupNumber());
    }
    if (!row.customerId().equals(asked.customerId())) {
      disagrees(row, "customer", asked.customerId(), row.customerId());
    }
    if (!row.wish().equals(asked.wish())) {
      disagrees(row, "wish", asked.wish(), row.wish());
    }
    if (!asked.key().equals(row.note())) {
      disagrees(row, "note", asked.key(), row.note());
    }
  }

  private void disagrees(OrderRow row, String what, Object told, Object stored) {
    evidence.found(
        Anomaly.Kind.ANSWER_DISAGREES,
        row.orderId(),
        "the client's %s is %s, the stored one %s",
        what,
        told,
        stored);
  }

  /** Which orders a key has made, by the clients and by the orders themselves. */
  private Map<Key, Set<UUID>> made() {
    Map<Key, Set<UUID>> made = new HashMap<>();
    evidence.places.forEach(
        (key, attempts) -> attempts.forEach(attempt -> made(made, key, attempt.orderId())));
    for (OrderRow row : evidence.truth.orders()) {
      made(made, new Key(row.customerId(), row.note()), row.orderId());
    }
    return made;
  }

  private static void made(Map<Key, Set<UUID>> made, Key key, UUID orderId) {
    if (orderId != null) {
      made.computeIfAbsent(key, id -> HashSet.newHashSet(1)).add(orderId);
    }
  }

  private void once(Key key, Set<UUID> orders) {
    if (orders.size() > 1) {
      evidence.found(
          Anomaly.Kind.DOUBLED_ORDER,
          orders.iterator().next(),
          "key %s has made %d orders: %s",
          key.key(),
          orders.size(),
          orders);
    }
  }

  private void askedFor(OrderRow row) {
    List<Operation> attempts = evidence.places.get(new Key(row.customerId(), row.note()));
    if (attempts == null) {
      phantom(row, "nobody asked for it");
    } else if (attempts.stream().allMatch(attempt -> attempt.outcome() instanceof Refused)) {
      phantom(row, "it was refused");
    }
  }

  private void phantom(OrderRow row, String why) {
    evidence.found(
        Anomaly.Kind.PHANTOM_ORDER,
        row.orderId(),
        "order of customer %s with key %s, but %s",
        row.customerId(),
        row.note(),
        why);
  }

  private record Called(String barId, LocalDate day, int number) {}

  private void pickupNumbers() {
    Map<Called, UUID> called = new HashMap<>();
    for (OrderRow row : evidence.truth.orders()) {
      UUID other =
          called.put(new Called(row.wish().barId(), row.day(), row.pickupNumber()), row.orderId());
      if (other != null) {
        evidence.found(
            Anomaly.Kind.DOUBLED_PICKUP_NUMBER,
            row.orderId(),
            "number %d of %s on %s is also that of %s",
            row.pickupNumber(),
            row.wish().barId(),
            row.day(),
            other);
      }
    }
  }
}
