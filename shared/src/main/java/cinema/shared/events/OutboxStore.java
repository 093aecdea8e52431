package cinema.shared.events;

import cinema.shared.contract.Event;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.service.Database;
import cinema.shared.service.Ids;
import cinema.shared.service.Trace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outbox table: one row for all that a transaction has to tell. */
final class OutboxStore<E extends Event> {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxStore.class);
  private static final int MOST_UNREADABLE = 1000;

  /** The ids grow with time, so that the id says how old a row is. */
  private static final String APPEND =
      """
      INSERT INTO outbox (outbox_id, topic, types, traces, data) VALUES ($1, $2, $3, $4, $5)
      """;

  /**
   * Only in the generation in which it was sent: what Kafka acknowledged and then lost must not be
   * marked after somebody has noticed the loss. The lock makes that certain: either the loss comes
   * after this mark and takes it back, or this mark waits for it and finds the new generation.
   */
  private static final String MARK =
      """
      WITH current AS MATERIALIZED (
        SELECT FROM journal WHERE topic = $2 AND generation = $3 FOR KEY SHARE)
      UPDATE outbox SET published_at = now()
       WHERE outbox_id = ANY($1) AND EXISTS (SELECT FROM current)
         AND (published_at IS NULL OR published_at = '-infinity')
      """;

  /** Not the same as what was never published: that is waited for, this most have already. */
  private static final String UNMARK =
      """
      UPDATE outbox SET published_at = '-infinity'
       WHERE topic = $1 AND published_at > '-infinity'
      """;

  /**
   * By what is still unpublished, never by a cursor: the order of ids is not the order of commits.
   */
  private static final String CLAIM =
      """
      SELECT outbox_id, types, traces, data FROM outbox
       WHERE published_at %s AND topic = $1 AND outbox_id < $2 AND outbox_id <> ALL($3)
       ORDER BY outbox_id %s LIMIT $4
         FOR UPDATE SKIP LOCKED
      """;

  private static final String CLAIM_OLDEST = CLAIM.formatted("IS NULL", "ASC");
  private static final String CLAIM_NEWEST = CLAIM.formatted("IS NULL", "DESC");
  private static final String CLAIM_LOST = CLAIM.formatted("= '-infinity'", "DESC");

  /**
   * Counted only so far: more is too much anyway, and to count all of a long evening would hold up
   * the relay.
   */
  private static final int MOST_COUNTED = 10_000;

  private static final String BACKLOG =
      """
      SELECT (SELECT outbox_id FROM outbox
               WHERE topic = $1 AND published_at IS NULL ORDER BY outbox_id LIMIT 1) AS oldest,
             (SELECT count(*) FROM (SELECT FROM outbox
               WHERE topic = $1 AND published_at IS NULL LIMIT $2) AS counted) AS unpublished,
             (SELECT count(*) FROM (SELECT FROM outbox
               WHERE topic = $1 AND published_at = '-infinity' LIMIT $2) AS counted) AS lost
      """;

  private static final String PRUNE =
      """
      DELETE FROM outbox WHERE outbox_id IN (
        SELECT outbox_id FROM outbox
         WHERE outbox_id < $1 AND published_at IS NOT NULL ORDER BY outbox_id LIMIT $2)
      """;

  private final Database database;
  private final Topic<E> topic;

  /** Rows that this process cannot read. */
  private final Set<UUID> unreadable = new HashSet<>();

  OutboxStore(Database database, Topic<E> topic) {
    this.database = database;
    this.topic = topic;
  }

  /** Which of the rows that are not published. */
  enum End {
    OLDEST(CLAIM_OLDEST),
    NEWEST(CLAIM_NEWEST),
    /** Published once and lost since: from the newest on, which may not have been read before. */
    LOST(CLAIM_LOST);

    private final String statement;

    End(String statement) {
      this.statement = statement;
    }
  }

  /**
   * From which end of what is unpublished, and how many rows.
   *
   * @param olderThan younger rows may just be on their way from the process that wrote them
   */
  record Claim(End end, Instant olderThan, int rows) {}

  Future<UUID> append(SqlConnection connection, List<Told<E>> events) {
    UUID outboxId = Ids.next();
    return connection
        .preparedQuery(APPEND)
        .execute(
            Tuple.of(
                outboxId,
                topic.name(),
                events.stream().map(told -> told.event().type()).toArray(String[]::new),
                events.stream().map(told -> encode(told.trace())).toArray(String[]::new),
                events.stream().map(Told::json).toArray(String[]::new)))
        .map(outboxId);
  }

  /** Marks what was sent in this generation, if it still is the current one. */
  Future<Void> mark(List<UUID> outboxIds, long generation) {
    return database.execute(MARK, marked(outboxIds, generation)).mapEmpty();
  }

  /**
   * Lets everything that is kept be published again.
   *
   * @return how many rows
   */
  Future<Integer> unmark(SqlConnection connection) {
    return connection
        .preparedQuery(UNMARK)
        .execute(Tuple.of(topic.name()))
        .map(unmarked -> unmarked.rowCount());
  }

  private Tuple marked(List<UUID> outboxIds, long generation) {
    UUID[] sorted = outboxIds.stream().sorted().toArray(UUID[]::new);
    return Tuple.of(sorted, topic.name(), generation);
  }

  /**
   * Claims unpublished rows, hands their events to {@code send}, oldest first, and marks them when
   * that succeeds; another process passes over them meanwhile. Rows that cannot be read stay.
   *
   * @param generation the current one, as known before
   * @return whether there may be more that can be published now
   */
  Future<Boolean> relay(Claim claim, long generation, Function<List<Told<E>>, Future<Void>> send) {
    Tuple values =
        Tuple.of(
            topic.name(), Ids.floor(claim.olderThan), unreadable.toArray(UUID[]::new), claim.rows);
    return database.transaction(
        connection ->
            connection
                .preparedQuery(claim.end.statement)
                .execute(values)
                .compose(
                    claimed -> {
                      int passedOver = unreadable.size();
                      List<UUID> ids = new ArrayList<>();
                      List<Told<E>> events = read(claimed, ids);
                      boolean full = claimed.size() == claim.rows;
                      if (ids.isEmpty()) {
                        return Future.succeededFuture(full && unreadable.size() > passedOver);
                      }
                      // What Kafka does not take is no failure of ours: it waits, and it is said.
                      return send.apply(events)
                          .transform(
                              sent ->
                                  sent.failed()
                                      ? Future.succeededFuture(false)
                                      : connection
                                          .preparedQuery(MARK)
                                          .execute(marked(ids, generation))
                                          .map(marked -> full && marked.rowCount() > 0));
                    }));
  }

  Future<Backlog.Rows> backlog() {
    return database
        .execute(BACKLOG, Tuple.of(topic.name(), MOST_COUNTED))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Backlog.Rows(
                    row.getUUID("oldest"), row.getLong("unpublished"), row.getLong("lost")));
  }

  /**
   * Forgets the oldest rows that were published and are older than this.
   *
   * @return how many were forgotten
   */
  Future<Integer> prune(Instant olderThan, int rows) {
    return database
        .execute(PRUNE, Tuple.of(Ids.floor(olderThan), rows))
        .map(result -> result.rowCount());
  }

  /** The events of the rows that can be read, whose ids are added to {@code into}. */
  private List<Told<E>> read(RowSet<Row> claimed, List<UUID> into) {
    List<Told<E>> events = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    claimed.forEach(rows::add);
    rows.sort(Comparator.comparing(row -> row.getUUID("outbox_id")));
    for (Row row : rows) {
      UUID outboxId = row.getUUID("outbox_id");
      try {
        events.addAll(read(row));
        into.add(outboxId);
      } catch (RuntimeException e) {
        if (unreadable.size() < MOST_UNREADABLE && unreadable.add(outboxId)) {
          LOG.error(
              "outbox row {} cannot be read and is left unpublished: {}", outboxId, e.toString());
        }
      }
    }
    return events;
  }

  private List<Told<E>> read(Row row) {
    String[] types = row.getArrayOfStrings("types");
    String[] traces = row.getArrayOfStrings("traces");
    String[] data = row.getArrayOfStrings("data");
    List<Told<E>> events = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      Class<? extends E> type = topic.types().get(types[i]);
      if (type == null) {
        throw new Wire.Unreadable(types[i] + " is not told on " + topic.name());
      }
      events.add(new Told<>(Wire.decode(data[i], type), decode(traces[i]), data[i]));
    }
    return events;
  }

  static String encode(Trace trace) {
    return trace.traceparent() + " " + trace.correlationId();
  }

  private static Trace decode(String text) {
    int space = text.indexOf(' ');
    return Trace.from(text.substring(0, space), text.substring(space + 1));
  }
}
