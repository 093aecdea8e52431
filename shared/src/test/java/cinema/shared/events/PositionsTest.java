package cinema.shared.events;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.contract.Topic;
import io.vertx.core.Future;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is noted of a batch that is applied while the next is polled. */
class PositionsTest extends ReaderBench {
  private final TopicPartition partition = new TopicPartition(Topic.ORDERS.name(), 3);
  private KafkaConsumer<String, String> consumer;
  private Positions positions;

  @BeforeEach
  void assign() {
    bench.onLoop(
        () -> {
          Map<String, String> config = new HashMap<>(KafkaClients.consumer(bench.settings()));
          config.put("group.id", bench.settings().service());
          consumer = KafkaConsumer.create(bench.vertx(), config);
          positions =
              new Positions(
                  bench.vertx(),
                  consumer,
                  publisher.kafkaTopics(),
                  List.of(Topic.ORDERS),
                  bench.settings().service());
          return positions
              .look()
              .compose(looked -> consumer.assign(partition))
              .compose(assigned -> comes());
        });
  }

  @AfterEach
  void leave() {
    bench.onLoop(consumer::close);
  }

  @Test
  void a_batch_of_what_is_still_read_here_is_noted() throws Exception {
    note(after(6));
    assertThat(committed()).isEqualTo(7);
  }

  @Test
  void what_another_process_reads_now_is_not_noted_and_neither_when_it_comes_back()
      throws Exception {
    note(after(6));
    Positions.After inHand = after(11);
    bench.onLoop(
        () -> {
          positions.revoked(Set.of(partition));
          positions.applied(inHand);
          return comes().compose(back -> positions.commit());
        });
    assertThat(committed()).isEqualTo(7);
  }

  @Test
  void how_far_a_topic_was_read_that_is_another_one_now_is_not_noted() throws Exception {
    note(after(6));
    note(new Positions.After(after(11).next(), Map.of(partition.getTopic(), "of old")));
    assertThat(committed()).isEqualTo(7);
  }

  private Future<?> comes() {
    positions.assigned(Set.of(partition));
    positions.beginPoll();
    return positions.verify();
  }

  private Positions.After after(long offset) {
    return positions.after(
        List.of(
            new ConsumerRecord<>(partition.getTopic(), partition.getPartition(), offset, "", "")));
  }

  private void note(Positions.After batch) {
    bench.onLoop(
        () -> {
          positions.applied(batch);
          return positions.commit();
        });
  }

  private long committed() throws Exception {
    return Kafka.committed(bench.settings(), Topic.ORDERS);
  }
}
