package cinema.snackbar;

import cinema.shared.contract.Bar;
import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.MenuEvent.BarDescribed;
import cinema.shared.contract.MenuEvent.MenuItemChanged;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.Wire;
import cinema.shared.events.Outbox;
import cinema.shared.events.Told;
import cinema.shared.service.Database;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** All SQL of bars and their menus. */
final class MenuStore {
  private static final String ADD_BAR =
      """
      INSERT INTO bar (bar_id, name, names, version) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING
      """;

  private static final String ADD_ITEM =
      """
      INSERT INTO menu_item (bar_id, item_id, name, names, price, currency, prep_seconds, available,
                             stock, version)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING
      """;

  private static final String CHANGE =
      """
      UPDATE menu_item
         SET available = coalesce($3, available), price = coalesce($4, price),
             stock = CASE WHEN $5 THEN $6 ELSE stock END, version = version + 1
       WHERE bar_id = $1 AND item_id = $2
      RETURNING *
      """;

  /** Never below zero: the shelf is what is right, not the count. */
  private static final String COUNT =
      """
      UPDATE menu_item m SET stock = greatest(m.stock + c.change, 0), version = m.version + 1
        FROM unnest($1::text[], $2::text[], $3::int[]) AS c(bar_id, item_id, change)
       WHERE m.bar_id = c.bar_id AND m.item_id = c.item_id AND m.stock IS NOT NULL
      RETURNING m.*
      """;

  private final Database database;
  private final Outbox<MenuEvent> outbox;

  MenuStore(Database database, Outbox<MenuEvent> outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** What a transaction has stored to be told after its commit. */
  record Stored(UUID outboxId, List<Told<MenuEvent>> events) {}

  /** Adds the bars and items that are not there yet; what staff have changed stays. */
  Future<Void> add(List<Bar> bars, Map<String, List<MenuItem>> items) {
    List<Tuple> barRows =
        bars.stream().map(bar -> Tuple.of(bar.barId(), bar.name(), json(bar.names()))).toList();
    List<Tuple> itemRows = new ArrayList<>();
    items.forEach(
        (barId, menu) ->
            menu.forEach(
                item ->
                    itemRows.add(
                        Tuple.of(barId, item.itemId(), item.name(), json(item.names()))
                            .addValue(item.price())
                            .addValue(item.currency())
                            .addValue(item.prepSeconds())
                            .addValue(item.available())
                            .addValue(item.stock()))));
    return database.transaction(
        connection ->
            connection
                .preparedQuery(ADD_BAR)
                .executeBatch(barRows)
                .compose(added -> connection.preparedQuery(ADD_ITEM).executeBatch(itemRows))
                .mapEmpty());
  }

  /** Tells everything again, as a new process does: whoever knows it already passes over it. */
  Future<Void> tellAll(Instant now, Trace trace) {
    return outbox.telling(
        (connection, events) ->
            everything(connection, now, trace).onSuccess(events::addAll).mapEmpty());
  }

  /** All bars and their items as they are now. */
  Future<List<Told<MenuEvent>>> everything(SqlConnection connection, Instant now, Trace trace) {
    List<Told<MenuEvent>> events = new ArrayList<>();
    return connection
        .query("SELECT * FROM bar ORDER BY bar_id")
        .execute()
        .compose(
            rows -> {
              rows.forEach(row -> events.add(new Told<>(described(row, now), trace)));
              return connection.query("SELECT * FROM menu_item ORDER BY bar_id, item_id").execute();
            })
        .map(
            rows -> {
              rows.forEach(row -> events.add(new Told<>(changed(row, now), trace)));
              return events;
            });
  }

  /**
   * Changes an item; null leaves a value as it is.
   *
   * @param countsStock whether {@code stock} is to be set; a null stock then ends the counting
   * @return null when the bar has no such item
   */
  Future<MenuItem> change(
      String barId,
      String itemId,
      Boolean available,
      Long price,
      boolean countsStock,
      Integer stock,
      Instant now,
      Trace trace) {
    return outbox.telling(
        (connection, events) ->
            connection
                .preparedQuery(CHANGE)
                .execute(Tuple.of(barId, itemId, available, price, countsStock, stock))
                .map(
                    rows -> {
                      for (Row row : rows) {
                        events.add(new Told<>(changed(row, now), trace));
                        return item(row);
                      }
                      return null;
                    }));
  }

  /** Counts items in and out within another's transaction; the result is told after its commit. */
  Future<List<Stored>> count(SqlConnection connection, Stock stock, Instant now) {
    if (stock.changes().isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<Map.Entry<Stock.Key, Integer>> changes = List.copyOf(stock.changes().entrySet());
    Tuple values =
        Tuple.of(
            changes.stream().map(change -> change.getKey().barId()).toArray(String[]::new),
            changes.stream().map(change -> change.getKey().itemId()).toArray(String[]::new),
            changes.stream().map(Map.Entry::getValue).toArray(Integer[]::new));
    return connection
        .preparedQuery(COUNT)
        .execute(values)
        .compose(
            rows -> {
              List<Told<MenuEvent>> events = new ArrayList<>();
              rows.forEach(row -> events.add(new Told<>(changed(row, now), Trace.begin())));
              return events.isEmpty()
                  ? Future.succeededFuture(List.of())
                  : outbox
                      .append(connection, events)
                      .map(outboxId -> List.of(new Stored(outboxId, events)));
            });
  }

  void tell(List<Stored> stored) {
    stored.forEach(each -> outbox.publish(each.outboxId, each.events));
  }

  private static MenuEvent described(Row row, Instant now) {
    String barId = row.getString("bar_id");
    Bar bar = new Bar(barId, row.getString("name"), names(row));
    return new BarDescribed(barId, row.getInteger("version"), now, bar);
  }

  private static MenuEvent changed(Row row, Instant now) {
    return new MenuItemChanged(row.getString("bar_id"), row.getInteger("version"), now, item(row));
  }

  private static MenuItem item(Row row) {
    return new MenuItem(
        row.getString("item_id"),
        row.getString("name"),
        names(row),
        row.getLong("price"),
        row.getString("currency"),
        row.getInteger("prep_seconds"),
        row.getBoolean("available"),
        row.getInteger("stock"));
  }

  private static JsonObject json(Map<String, String> names) {
    return new JsonObject(Wire.encode(names));
  }

  private static Map<String, String> names(Row row) {
    return row.getJsonObject("names").getMap().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
  }
}
