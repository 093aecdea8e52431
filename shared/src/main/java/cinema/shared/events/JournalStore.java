package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** All SQL of the journal: which topic of Kafka's the outbox was published to, and how far. */
final class JournalStore {
  private static final String READ =
      "SELECT generation, topic_id, ends FROM journal WHERE topic = $1";

  private static final String BEGIN =
      """
      INSERT INTO journal (topic, generation, topic_id, ends) VALUES ($1, 1, $2, $3)
          ON CONFLICT DO NOTHING
      """;

  /** Changes no key, so that it takes FOR NO KEY UPDATE and marks need not wait for it. */
  private static final String ADVANCE =
      "UPDATE journal SET ends = $4 WHERE topic = $1 AND generation = $2 AND ends = $3";

  /** FOR UPDATE: what a mark's FOR KEY SHARE waits for, and what waits for it. */
  private static final String LOCK = "SELECT generation FROM journal WHERE topic = $1 FOR UPDATE";

  private static final String RENEW =
      """
      UPDATE journal SET generation = generation + 1, topic_id = $2, ends = $3 WHERE topic = $1
      """;

  /** A day's journal is more than a statement may otherwise take. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String PATIENTLY =
      "SET LOCAL statement_timeout = '" + PATIENCE.toSeconds() + "s'";

  private final Database database;
  private final Topic<?> topic;
  private final Function<SqlConnection, Future<Integer>> tellAgain;

  /**
   * @param tellAgain what a loss comes to, within the transaction that records it: stores what is
   *     to be published again, and says how many outbox rows that is
   */
  JournalStore(
      Database database, Topic<?> topic, Function<SqlConnection, Future<Integer>> tellAgain) {
    this.database = database;
    this.topic = topic;
    this.tellAgain = tellAgain;
  }

  /**
   * What is known of the topic.
   *
   * @param generation counts the losses, from 1
   */
  record Known(long generation, KafkaTopics.Seen seen) {}

  /**
   * @return null when the topic was never seen
   */
  Future<Known> read() {
    return database
        .execute(READ, Tuple.of(topic.name()))
        .map(
            rows -> {
              for (Row row : rows) {
                List<Long> ends = List.of(row.getArrayOfLongs("ends"));
                return new Known(
                    row.getLong("generation"),
                    new KafkaTopics.Seen(row.getString("topic_id"), ends));
              }
              return null;
            });
  }

  /**
   * Records the topic for the first time. What was published before anybody recorded where is told
   * again: it may have gone to another.
   *
   * @return how many outbox rows are to be published again
   */
  Future<Integer> begin(KafkaTopics.Seen seen) {
    return patiently(
        connection ->
            connection
                .preparedQuery(BEGIN)
                .execute(Tuple.of(topic.name(), seen.topicId(), ends(seen)))
                .compose(
                    begun ->
                        begun.rowCount() == 0
                            ? Future.succeededFuture(0)
                            : tellAgain.apply(connection)));
  }

  /** Records how far the topic has come; a neighbour that has been quicker is right. */
  Future<Void> advance(Known known, KafkaTopics.Seen seen) {
    Long[] before = ends(known.seen());
    return database
        .execute(ADVANCE, Tuple.of(topic.name(), known.generation(), before, ends(seen)))
        .mapEmpty();
  }

  /**
   * Begins a new generation: what Kafka has lost is to be published again. Of several processes
   * that notice the same loss, one does it.
   *
   * @return how many outbox rows that are; 0 when another process has done it
   */
  Future<Integer> renew(Known known, KafkaTopics.Seen seen) {
    return patiently(
        connection ->
            connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(topic.name()))
                .compose(
                    locked ->
                        locked.iterator().next().getLong("generation") != known.generation()
                            ? Future.succeededFuture(0)
                            : connection
                                .preparedQuery(RENEW)
                                .execute(Tuple.of(topic.name(), seen.topicId(), ends(seen)))
                                .compose(renewed -> tellAgain.apply(connection))));
  }

  private <T> Future<T> patiently(Function<SqlConnection, Future<T>> work) {
    return database.transaction(
        PATIENCE,
        connection ->
            connection.query(PATIENTLY).execute().compose(patient -> work.apply(connection)));
  }

  private static Long[] ends(KafkaTopics.Seen seen) {
    return seen.ends().toArray(Long[]::new);
  }
}
