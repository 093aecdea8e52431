package cinema.chaos;

import cinema.chaos.History.Key;
import cinema.chaos.Operation.Cancel;
import cinema.chaos.Operation.Look;
import cinema.chaos.Operation.Place;
import cinema.chaos.Operation.Step;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Truth.AlarmRow;
import cinema.chaos.Truth.OrderRow;
import cinema.chaos.Truth.RequestRow;
import cinema.chaos.Truth.ViewRow;
import cinema.shared.contract.OrderStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** History and truth side by side, found by order and by key, and the anomalies found so far. */
final class Evidence {
  final Truth truth;

  /** All attempts of one key, in the order of their ends. */
  final Map<Key, List<Operation>> places = new LinkedHashMap<>();

  /** Cancels, looks and steps of one order. */
  final Map<UUID, List<Operation>> calls = new HashMap<>();

  final Map<UUID, OrderRow> orders;
  final Map<UUID, RequestRow> requests;
  final Map<UUID, ViewRow> views;

  /** Each order's alarms. */
  final Map<UUID, List<AlarmRow>> alarms = new HashMap<>();

  /** Orders whose owner was told 200 to a cancel. */
  final Set<UUID> cancelled = new HashSet<>();

  private final Map<UUID, UUID> owners = new HashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();

  Evidence(List<Operation> operations, Truth truth) {
    this.truth = truth;
    this.orders = byId(truth.orders(), OrderRow::orderId);
    this.requests = byId(truth.requests(), RequestRow::orderId);
    this.views = byId(truth.views(), ViewRow::orderId);
    truth
        .alarms()
        .forEach(row -> alarms.computeIfAbsent(row.orderId(), id -> new ArrayList<>(1)).add(row));
    truth.orders().forEach(row -> owners.put(row.orderId(), row.customerId()));
    for (Operation operation : operations) {
      if (operation.ask() instanceof Place place) {
        Key key = new Key(place.customerId(), place.key());
        places.computeIfAbsent(key, id -> new ArrayList<>(1)).add(operation);
        if (operation.outcome() instanceof Acknowledged yes) {
          owners.put(yes.orderId(), place.customerId());
        }
      } else {
        calls.computeIfAbsent(operation.orderId(), id -> new ArrayList<>(4)).add(operation);
      }
    }
    calls.values().stream().flatMap(List::stream).filter(this::hasCancelled).forEach(this::keep);
  }

  private void keep(Operation cancel) {
    cancelled.add(cancel.orderId());
  }

  private boolean hasCancelled(Operation operation) {
    return operation.ask() instanceof Cancel
        && operation.outcome() instanceof Acknowledged
        && mayAsk(operation);
  }

  private static <R> Map<UUID, R> byId(List<R> rows, Function<R, UUID> id) {
    Map<UUID, R> byId = HashMap.newHashMap(rows.size());
    rows.forEach(row -> byId.put(id.apply(row), row));
    return byId;
  }

  /** Whether it was asked by staff, or by the owner of the order. */
  boolean mayAsk(Operation operation) {
    return switch (operation.ask()) {
      case Place place -> true;
      case Step step -> true;
      case Cancel cancel -> cancel.customerId().equals(owners.get(cancel.orderId()));
      case Look look -> look.customerId().equals(owners.get(look.orderId()));
    };
  }

  /** Where the view has it open; null when it is not open there. */
  OrderStatus openOnView(UUID orderId) {
    ViewRow view = views.get(orderId);
    boolean open = view != null && view.status() != null && view.status().isOpen();
    return open && view.customerId() != null ? view.status() : null;
  }

  void found(Anomaly.Kind kind, UUID orderId, String sentence, Object... values) {
    anomalies.add(new Anomaly(kind, orderId, sentence.formatted(values)));
  }

  List<Anomaly> anomalies() {
    return List.copyOf(anomalies);
  }
}
