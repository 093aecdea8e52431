package cinema.shared.events;

import cinema.shared.contract.Topic;
import cinema.shared.service.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends dead letters back to their own topic, from where the last time ended to the present end,
 * and notes that beside them. Every service sees them again, and those that have applied them know
 * them. Blocks: for a command, not for a service.
 */
public final class RedriveDeadLetters implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration MOST_SILENCE = Duration.ofSeconds(10);

  private final KafkaConsumer<String, String> consumer;
  private final KafkaProducer<String, String> producer;

  /**
   * @param settings whose service is the group that remembers where the last time ended
   */
  public RedriveDeadLetters(Settings settings) {
    Map<String, Object> reading = new HashMap<>(KafkaClients.consumer(settings));
    reading.put("group.id", settings.service());
    this.consumer = new KafkaConsumer<>(reading);
    this.producer = new KafkaProducer<>(new HashMap<>(KafkaClients.producer(settings)));
  }

  /**
   * Redrives what one topic has to redrive. A compacted topic's letters are not sent, because an
   * old record would take the place of a newer one; they are only noted as seen to.
   *
   * @param told hears of each letter once it is done with
   * @return how many letters that was
   * @throws KafkaException when Kafka cannot be reached; what was not told comes again next time
   */
  public int redrive(Topic<?> topic, Consumer<DeadLetter> told) {
    // One partition, as it was made: the order of letters is the order in which they died.
    TopicPartition dead = new TopicPartition(topic.dead(), 0);
    if (consumer.partitionsFor(topic.dead()).isEmpty()) {
      return 0;
    }
    consumer.assign(Set.of(dead));
    long end = consumer.endOffsets(Set.of(dead)).get(dead);
    if (consumer.position(dead) > end) {
      // Kafka has lost what it had; these are others.
      consumer.seekToBeginning(Set.of(dead));
    }
    int count = 0;
    long heard = System.nanoTime();
    while (consumer.position(dead) < end) {
      List<ConsumerRecord<String, String>> polled = consumer.poll(POLL).records(dead);
      if (!polled.isEmpty()) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > MOST_SILENCE.toNanos()) {
        throw new KafkaException("Kafka has fallen silent");
      }
      List<ConsumerRecord<String, String>> letters =
          polled.stream().filter(each -> each.offset() < end && isLetter(topic, each)).toList();
      if (!topic.compacted()) {
        send(letters.stream().map(each -> DeadLetter.again(topic, each)).toList());
      }
      send(letters.stream().map(each -> DeadLetter.note(topic, each)).toList());
      consumer.commitSync(
          Map.of(dead, new OffsetAndMetadata(Math.min(end, consumer.position(dead)))));
      letters.forEach(each -> told.accept(DeadLetter.read(topic, each)));
      count += letters.size();
    }
    return count;
  }

  private static boolean isLetter(Topic<?> topic, ConsumerRecord<String, String> polled) {
    DeadLetter letter = DeadLetter.read(topic, polled);
    return letter != null && !letter.redriven();
  }

  private void send(List<ProducerRecord<String, String>> records) {
    List<Future<?>> sent = new ArrayList<>();
    records.forEach(each -> sent.add(producer.send(each)));
    for (Future<?> each : sent) {
      try {
        // The producer gives up by itself, after seconds.
        each.get();
      } catch (ExecutionException e) {
        throw new KafkaException("Kafka does not take dead letters back: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException("interrupted", e);
      }
    }
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(2));
    producer.close(Duration.ofSeconds(2));
  }
}
