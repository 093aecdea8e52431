package cinema.local;

import cinema.shared.contract.Topic;
import cinema.shared.events.DeadLetter;
import cinema.shared.events.RedriveDeadLetters;
import cinema.shared.service.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * {@code ./run redrive [topic]}: sends what services could not apply back to its topic, once what
 * kept them from it is mended.
 */
final class Redrive {
  private Redrive() {}

  /**
   * Returns when all there was has been sent again.
   *
   * @param topic only this one's; null for all
   * @param say takes a line for each event, and one for all
   * @throws CannotRun when there is no such topic, or Kafka cannot be reached
   */
  static void run(Map<String, String> environment, String topic, Consumer<String> say) {
    List<Topic<?>> topics =
        Topic.ALL.stream().filter(each -> topic == null || each.name().equals(topic)).toList();
    if (topics.isEmpty()) {
      throw new CannotRun(
          "there is no topic '"
              + topic
              + "', but "
              + Topic.ALL.stream().map(Topic::name).collect(Collectors.joining(", ")));
    }
    String kafka = Place.of(environment).kafkaBootstrap();
    Settings settings = Settings.of("redrive", environment).with(Map.of("KAFKA_BOOTSTRAP", kafka));
    int count = 0;
    try (RedriveDeadLetters redrive = new RedriveDeadLetters(settings)) {
      for (Topic<?> each : topics) {
        count += redrive.redrive(each, letter -> say.accept(line(each, letter)));
      }
    } catch (KafkaException e) {
      throw new CannotRun("Kafka at " + kafka + " does not answer: " + e.getMessage());
    }
    say.accept(count == 1 ? "1 event seen to" : count + " events seen to");
  }

  private static String line(Topic<?> topic, DeadLetter letter) {
    String done =
        topic.compacted()
            ? "not sent again, for a newer one may stand there: at its next start the bar tells"
                + " its whole menu"
            : "sent again";
    return "  %s-%d@%d %s, which %s could not apply: %s"
        .formatted(
            letter.topic(),
            letter.partition(),
            letter.offset(),
            letter.event(),
            letter.service(),
            done);
  }
}
