package cinema.alarm;

import cinema.shared.events.DeadLetter;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** All SQL of alarms for ops. */
final class OpsAlarmStore {
  /** Once for each place and service, unless another event has come to stand there. */
  private static final String RAISE =
      """
      INSERT INTO ops_alarm AS a
             (topic, dead_partition, dead_offset, dead_service, event, reason, raised_at)
      SELECT DISTINCT ON (topic, dead_partition, dead_offset, dead_service)
             topic, dead_partition, dead_offset, dead_service, event, reason, $7::timestamptz
        FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[])
          AS t(topic, dead_partition, dead_offset, dead_service, event, reason)
       ORDER BY topic, dead_partition, dead_offset, dead_service
          ON CONFLICT (topic, dead_partition, dead_offset, dead_service) DO UPDATE
             SET event = excluded.event, reason = excluded.reason,
                 raised_at = excluded.raised_at, settled_at = NULL
           WHERE a.event <> excluded.event
      RETURNING *
      """;

  private static final String SETTLE =
      """
      UPDATE ops_alarm a SET settled_at = $6
        FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[])
          AS t(topic, dead_partition, dead_offset, dead_service, event)
       WHERE a.topic = t.topic AND a.dead_partition = t.dead_partition
         AND a.dead_offset = t.dead_offset AND a.dead_service = t.dead_service
         AND a.event = t.event AND a.settled_at IS NULL
      """;

  private static final String OPEN =
      "SELECT * FROM ops_alarm WHERE settled_at IS NULL ORDER BY raised_at DESC LIMIT $1";

  private static final String COUNT = "SELECT count(*) FROM ops_alarm WHERE settled_at IS NULL";

  private final Database database;

  OpsAlarmStore(Database database) {
    this.database = database;
  }

  /**
   * Raises alarms, then settles those that were seen to, in one transaction.
   *
   * @return those that are new
   */
  Future<List<OpsAlarm>> raiseAndSettle(
      Collection<DeadLetter> raised, Collection<DeadLetter> settled, Instant now) {
    return database.transaction(
        connection ->
            raise(connection, List.copyOf(raised), now)
                .compose(
                    fresh -> settle(connection, List.copyOf(settled), now).map(done -> fresh)));
  }

  private static Future<List<OpsAlarm>> raise(
      SqlConnection connection, List<DeadLetter> letters, Instant now) {
    return connection
        .preparedQuery(RAISE)
        .execute(
            place(letters)
                .addValue(column(letters, String[]::new, letter -> storable(letter.reason())))
                .addValue(now.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.stream().map(OpsAlarmStore::alarm).toList());
  }

  private static Future<Void> settle(
      SqlConnection connection, List<DeadLetter> letters, Instant now) {
    return connection
        .preparedQuery(SETTLE)
        .execute(place(letters).addValue(now.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }

  private static Tuple place(List<DeadLetter> letters) {
    return Tuple.of(
        column(letters, String[]::new, DeadLetter::topic),
        column(letters, Integer[]::new, DeadLetter::partition),
        column(letters, Long[]::new, DeadLetter::offset),
        column(letters, String[]::new, letter -> storable(letter.service())),
        column(letters, String[]::new, letter -> storable(letter.event())));
  }

  /** The open ones, the newest first. */
  Future<List<OpsAlarm>> open(int most) {
    return database
        .execute(OPEN, Tuple.of(most))
        .map(rows -> rows.stream().map(OpsAlarmStore::alarm).toList());
  }

  Future<Long> countOpen() {
    return database.execute(COUNT).map(rows -> rows.iterator().next().getLong(0));
  }

  /** What killed a letter must not kill its alarm: PostgreSQL stores no NUL. */
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  private static <T> T[] column(
      List<DeadLetter> letters, IntFunction<T[]> array, Function<DeadLetter, T> value) {
    return letters.stream().map(value).toArray(array);
  }

  private static OpsAlarm alarm(Row row) {
    return new OpsAlarm(
        row.getString("topic"),
        row.getInteger("dead_partition"),
        row.getLong("dead_offset"),
        row.getString("dead_service"),
        row.getString("event"),
        row.getString("reason"),
        row.getOffsetDateTime("raised_at").toInstant());
  }
}
