package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The outbox table: one row for all that a transaction has to tell. */
final class OutboxStore {
  /** The ids grow with time, so that the id says how old a row is. */
  private static final String APPEND =
      """
      INSERT INTO outbox (outbox_id, topic, types, traces, data) VALUES ($1, $2, $3, $4, $5)
      """;

  private static final String MARK =
      """
      UPDATE outbox SET published_at = now() WHERE outbox_id = ANY($1) AND published_at IS NULL
      """;

  /**
   * By what is still unpublished, never by a cursor: the order of ids is not the order of commits.
   */
  private static final String CLAIM =
      """
      SELECT outbox_id, types, traces, data FROM outbox
       WHERE published_at IS NULL AND topic = $1 AND outbox_id < $2
       ORDER BY outbox_id LIMIT $3
         FOR UPDATE SKIP LOCKED
      """;

  private static final String PRUNE =
      """
      DELETE FROM outbox WHERE outbox_id IN (
        SELECT outbox_id FROM outbox
         WHERE outbox_id < $1 AND published_at IS NOT NULL ORDER BY outbox_id LIMIT $2)
      """;

  private final Database database;

  OutboxStore(Database database) {
    this.database = database;
  }

  <E extends Event> Future<UUID> append(
      SqlConnection connection, Topic<E> topic, List<Told<E>> events) {
    UUID outboxId = Ids.next();
    return connection
        .preparedQuery(APPEND)
        .execute(
            Tuple.of(
                outboxId,
                topic.name(),
                events.stream().map(told -> told.event().type()).toArray(String[]::new),
                events.stream().map(told -> encode(told.trace())).toArray(String[]::new),
                events.stream().map(told -> Wire.encode(told.event())).toArray(String[]::new)))
        .map(outboxId);
  }

  Future<Void> mark(List<UUID> outboxIds) {
    return database
        .client()
        .preparedQuery(MARK)
        .execute(Tuple.of(outboxIds.stream().sorted().toArray(UUID[]::new)))
        .mapEmpty();
  }

  /**
   * Claims the oldest unpublished rows, hands their events to {@code send}, and marks them when
   * that succeeds; another process passes over them meanwhile.
   *
   * @return how many rows were published
   */
  <E extends Event> Future<Integer> relay(
      Topic<E> topic, Instant olderThan, int rows, Function<List<Told<E>>, Future<Void>> send) {
    return database.transaction(
        connection ->
            connection
                .preparedQuery(CLAIM)
                .execute(Tuple.of(topic.name(), Ids.floor(olderThan), rows))
                .compose(
                    claimed -> {
                      if (claimed.size() == 0) {
                        return Future.succeededFuture(0);
                      }
                      List<UUID> ids = new ArrayList<>();
                      List<Told<E>> events = new ArrayList<>();
                      for (Row row : claimed) {
                        ids.add(row.getUUID("outbox_id"));
                        read(topic, row, events);
                      }
                      return send.apply(events)
                          .compose(
                              sent ->
                                  connection
                                      .preparedQuery(MARK)
                                      .execute(Tuple.of(ids.toArray(UUID[]::new))))
                          .map(ids.size());
                    }));
  }

  /**
   * Forgets the oldest rows that were published and are older than this.
   *
   * @return how many were forgotten
   */
  Future<Integer> prune(Instant olderThan, int rows) {
    return database
        .client()
        .preparedQuery(PRUNE)
        .execute(Tuple.of(Ids.floor(olderThan), rows))
        .map(result -> result.rowCount());
  }

  private static <E extends Event> void read(Topic<E> topic, Row row, List<Told<E>> into) {
    String[] types = row.getArrayOfStrings("types");
    String[] traces = row.getArrayOfStrings("traces");
    String[] data = row.getArrayOfStrings("data");
    for (int i = 0; i < types.length; i++) {
      E event = Wire.decode(data[i], topic.types().get(types[i]));
      into.add(new Told<>(event, decode(traces[i])));
    }
  }

  static String encode(Trace trace) {
    return trace.traceparent() + " " + trace.correlationId();
  }

  private static Trace decode(String text) {
    int space = text.indexOf(' ');
    return Trace.of(text.substring(0, space), text.substring(space + 1));
  }
}
