package cinema.order;

import cinema.shared.contract.MenuEvent;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** SQL of our copy of the menus, which lets orders be taken while Kafka is away. */
final class MenuStore {
  private static final String KEEP =
      """
      INSERT INTO menu_copy AS m (key, version, type, data)
      SELECT DISTINCT ON (key) key, version, type, data::jsonb
        FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS t(key, version, type, data)
       ORDER BY key, version DESC
          ON CONFLICT (key) DO UPDATE
             SET version = excluded.version, type = excluded.type, data = excluded.data
           WHERE m.version < excluded.version
      """;

  private final Database database;

  MenuStore(Database database) {
    this.database = database;
  }

  Future<Void> keep(List<MenuEvent> events) {
    return database
        .execute(
            KEEP,
            Tuple.of(
                events.stream().map(MenuEvent::key).toArray(String[]::new),
                events.stream().map(MenuEvent::version).toArray(Integer[]::new),
                events.stream().map(MenuEvent::type).toArray(String[]::new),
                events.stream().map(Wire::encode).toArray(String[]::new)))
        .mapEmpty();
  }

  Future<List<MenuEvent>> all() {
    return database
        .execute("SELECT type, data::text AS data FROM menu_copy")
        .map(
            rows ->
                rows.stream()
                    .<MenuEvent>map(
                        row ->
                            Wire.decode(
                                row.getString("data"),
                                Topic.MENUS.types().get(row.getString("type"))))
                    .toList());
  }
}
