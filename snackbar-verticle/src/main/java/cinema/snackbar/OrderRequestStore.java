package cinema.snackbar;

import cinema.shared.contract.Cancel;
import cinema.shared.contract.Line;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderRequestEvent;
import cinema.shared.contract.OrderRequestEvent.OrderRequestCancelled;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** All SQL of order requests; the WHERE clauses settle who wins. */
final class OrderRequestStore {
  /**
   * Takes orders in, each once. A tombstone meets its order here: it gets the order's lines and
   * stays cancelled.
   */
  private static final String TAKE_IN =
      """
      INSERT INTO order_request AS r
             (order_id, bar_id, status, version, pickup_number, lines, placed_at)
      SELECT order_id, bar_id, 'PLACED', 1, pickup_number, lines, placed_at
        FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::timestamptz[])
          AS t(order_id, bar_id, pickup_number, lines, placed_at)
       ORDER BY order_id
          ON CONFLICT (order_id) DO UPDATE
             SET pickup_number = excluded.pickup_number, lines = excluded.lines,
                 placed_at = excluded.placed_at
           WHERE r.lines IS NULL
      RETURNING order_id, bar_id, status, version, reason
      """;

  private static final String STANDING =
      """
      SELECT order_id, bar_id, status, version, reason FROM order_request WHERE order_id = ANY($1)
      """;

  /** Cancel against start: whoever changes the row first has won. */
  private static final String CANCEL =
      """
      INSERT INTO order_request AS r (order_id, bar_id, status, version)
      SELECT order_id, bar_id, 'CANCELLED', 1 FROM unnest($1::uuid[], $2::text[])
          AS t(order_id, bar_id)
       ORDER BY order_id
          ON CONFLICT (order_id) DO UPDATE SET status = 'CANCELLED', version = r.version + 1
           WHERE r.status = 'PLACED'
      RETURNING order_id, version, lines
      """;

  /**
   * Steps, at most one for each order request, each with the statuses that it leads to by those
   * that it leads from. Rows are locked in their order, so that two batches cannot deadlock; where
   * they stand is read once they are locked.
   */
  private static final String MOVE =
      """
      WITH wanted AS MATERIALIZED (
        SELECT w.order_id, w.reason, r.status AS stood,
               w.moves::jsonb ->> r.status AS leads_to
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
                 AS w(order_id, bar_id, moves, reason)
          JOIN order_request r ON r.order_id = w.order_id AND r.bar_id = w.bar_id
         ORDER BY w.order_id
           FOR UPDATE OF r
      ), moved AS (
        UPDATE order_request r
           SET status = wanted.leads_to, version = r.version + 1, reason = wanted.reason
          FROM wanted
         WHERE r.order_id = wanted.order_id AND wanted.leads_to IS NOT NULL
        RETURNING r.order_id, r.version
      )
      SELECT order_id, coalesce(leads_to, stood) AS status, version
        FROM wanted LEFT JOIN moved USING (order_id)
      """;

  private final Outbox<OrderRequestEvent> outbox;
  private final MenuStore menus;

  OrderRequestStore(Outbox<OrderRequestEvent> outbox, MenuStore menus) {
    this.outbox = outbox;
    this.menus = menus;
  }

  /**
   * How a step went.
   *
   * @param now where the order request stands; null when the bar has no such order
   * @param moved whether this step has moved it
   */
  record Moved(OrderStatus now, boolean moved) {}

  /**
   * Takes in placed orders and tells where each of them stands. That of an order that came again is
   * told without being stored: whoever announced it announces it until it is heard.
   */
  Future<Void> takeIn(List<Told<OrderPlaced>> placed, Instant now) {
    Map<UUID, Told<OrderPlaced>> byId = new HashMap<>();
    placed.forEach(told -> byId.put(told.event().orderId(), told));
    List<Told<OrderRequestEvent>> again = new ArrayList<>();
    return outbox
        .telling(
            (connection, events) ->
                connection
                    .preparedQuery(TAKE_IN)
                    .execute(values(byId.values()))
                    .compose(
                        taken -> {
                          Stock stock = new Stock();
                          for (Row row : taken) {
                            OrderRequestEvent stands = standing(row, now);
                            Told<OrderPlaced> told = byId.remove(stands.orderId());
                            events.add(new Told<>(stands, told.trace()));
                            if (stands.status() == OrderStatus.PLACED) {
                              stock.taken(stands.barId(), told.event().lines());
                            }
                          }
                          return standing(connection, byId, now)
                              .onSuccess(again::addAll)
                              .map(stock);
                        }),
            (connection, stock) -> menus.count(connection, stock, now))
        .onSuccess(menus::tell)
        .onSuccess(stored -> outbox.tellAgain(again))
        .mapEmpty();
  }

  private static Tuple values(Collection<Told<OrderPlaced>> placed) {
    List<OrderPlaced> batch = placed.stream().map(Told::event).toList();
    return Tuple.of(
        batch.stream().map(OrderPlaced::orderId).toArray(UUID[]::new),
        batch.stream().map(OrderPlaced::barId).toArray(String[]::new),
        batch.stream().map(OrderPlaced::pickupNumber).toArray(Integer[]::new),
        batch.stream().map(order -> Wire.encode(order.lines())).toArray(String[]::new),
        batch.stream()
            .map(order -> order.occurredAt().atOffset(ZoneOffset.UTC))
            .toArray(OffsetDateTime[]::new));
  }

  /** Where orders stand that have come again. */
  private static Future<List<Told<OrderRequestEvent>>> standing(
      SqlConnection connection, Map<UUID, Told<OrderPlaced>> again, Instant now) {
    if (again.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return connection
        .preparedQuery(STANDING)
        .execute(Tuple.of(again.keySet().toArray(UUID[]::new)))
        .map(
            rows ->
                rows.stream()
                    .map(row -> standing(row, now))
                    .map(stands -> new Told<>(stands, again.get(stands.orderId()).trace()))
                    .toList());
  }

  private static OrderRequestEvent standing(Row row, Instant now) {
    return Step.standing(
        row.getUUID("order_id"),
        row.getInteger("version"),
        now,
        row.getString("bar_id"),
        OrderStatus.valueOf(row.getString("status")),
        row.getString("reason"));
  }

  /** Somebody's wish to take an order back. */
  record Wish(UUID orderId, String barId, Trace trace) {}

  /**
   * Cancels, or says why not. An order not seen yet gets a tombstone.
   *
   * @return one answer for each wish, in their order; those for the same order are the same
   */
  Future<List<Cancel.Reply>> cancel(List<Wish> wishes, Instant now) {
    Map<UUID, Wish> byId = new HashMap<>();
    wishes.forEach(wish -> byId.putIfAbsent(wish.orderId, wish));
    Map<UUID, Cancel.Reply> replies = new HashMap<>();
    return outbox
        .telling(
            (connection, events) ->
                connection
                    .preparedQuery(CANCEL)
                    .execute(
                        Tuple.of(
                            byId.keySet().toArray(UUID[]::new),
                            (Object)
                                byId.values().stream().map(Wish::barId).toArray(String[]::new)))
                    .map(
                        rows -> {
                          Stock stock = new Stock();
                          for (Row row : rows) {
                            Wish wish = byId.get(row.getUUID("order_id"));
                            int version = row.getInteger("version");
                            replies.put(
                                wish.orderId,
                                new Cancel.Reply(
                                    Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, version));
                            events.add(
                                new Told<>(
                                    new OrderRequestCancelled(
                                        wish.orderId, version, now, wish.barId),
                                    wish.trace));
                            if (row.getString("lines") != null) {
                              stock.returned(wish.barId, lines(row));
                            }
                          }
                          return stock;
                        }),
            (connection, stock) -> {
              Future<Void> refused = refused(connection, byId.keySet(), replies);
              Future<List<MenuStore.Stored>> counted = menus.count(connection, stock, now);
              return Future.all(refused, counted).map(both -> counted.result());
            })
        .onSuccess(menus::tell)
        .map(told -> wishes.stream().map(wish -> replies.get(wish.orderId)).toList());
  }

  private static List<Line> lines(Row row) {
    return List.of(Wire.decode(row.getString("lines"), Line[].class));
  }

  /** Adds what is answered to those that were not cancelled just now. */
  private static Future<Void> refused(
      SqlConnection connection, Set<UUID> asked, Map<UUID, Cancel.Reply> replies) {
    UUID[] others =
        asked.stream().filter(orderId -> !replies.containsKey(orderId)).toArray(UUID[]::new);
    if (others.length == 0) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(STANDING)
        .execute(Tuple.of((Object) others))
        .onSuccess(
            rows -> {
              for (Row row : rows) {
                OrderStatus status = OrderStatus.valueOf(row.getString("status"));
                Cancel.Outcome outcome =
                    status == OrderStatus.CANCELLED
                        ? Cancel.Outcome.CANCELLED
                        : Cancel.Outcome.TOO_LATE;
                replies.put(
                    row.getUUID("order_id"),
                    new Cancel.Reply(outcome, status, row.getInteger("version")));
              }
            })
        .mapEmpty();
  }

  /**
   * What somebody at the bar wants to do.
   *
   * @param reason of a rejection; null otherwise
   */
  record Wanted(UUID orderId, String barId, Step step, String reason, Trace trace) {}

  /**
   * Takes steps, each when its order request stands where the step begins.
   *
   * @return how each went, in their order; of those for the same order request the first is taken
   *     first
   */
  Future<List<Moved>> move(List<Wanted> wanted, Instant now) {
    Moved[] moved = new Moved[wanted.size()];
    return outbox
        .telling((connection, events) -> move(connection, wanted, moved, now, events))
        .map(taken -> List.of(moved));
  }

  /** Of those that are not taken yet the first for each order request, and then the rest. */
  private static Future<Void> move(
      SqlConnection connection,
      List<Wanted> wanted,
      Moved[] moved,
      Instant now,
      List<Told<OrderRequestEvent>> events) {
    Map<UUID, Integer> turn = new HashMap<>();
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] == null) {
        turn.putIfAbsent(wanted.get(i).orderId, i);
      }
    }
    if (turn.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(MOVE)
        .execute(steps(turn.values().stream().map(wanted::get).toList()))
        .compose(
            rows -> {
              turn.values().forEach(i -> moved[i] = new Moved(null, false));
              for (Row row : rows) {
                int i = turn.get(row.getUUID("order_id"));
                OrderStatus status = OrderStatus.valueOf(row.getString("status"));
                Integer version = row.getInteger("version");
                moved[i] = new Moved(status, version != null);
                if (version != null) {
                  events.add(told(wanted.get(i), version, now, status));
                }
              }
              return move(connection, wanted, moved, now, events);
            });
  }

  private static Tuple steps(List<Wanted> wanted) {
    return Tuple.of(
        wanted.stream().map(Wanted::orderId).toArray(UUID[]::new),
        wanted.stream().map(Wanted::barId).toArray(String[]::new),
        wanted.stream().map(each -> Wire.encode(each.step.moves())).toArray(String[]::new),
        wanted.stream().map(Wanted::reason).toArray(String[]::new));
  }

  private static Told<OrderRequestEvent> told(
      Wanted wanted, int version, Instant now, OrderStatus status) {
    return new Told<>(
        wanted.step.event(wanted.orderId, version, now, wanted.barId, status, wanted.reason),
        wanted.trace);
  }
}
