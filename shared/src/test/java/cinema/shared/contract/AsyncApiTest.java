package cinema.shared.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The channels of the AsyncAPI document are those of the code. */
class AsyncApiTest {
  private static final String CHANNELS = "asyncapi.yaml#/channels";

  @Test
  void the_topics_are_the_channels_on_kafka() {
    Set<String> topics =
        Topic.ALL.stream()
            .flatMap(topic -> Stream.of(topic.name(), topic.dead()))
            .collect(Collectors.toSet());
    Set<String> addresses =
        channels()
            .filter(channel -> channel.at("/servers/0/protocol").asText().equals("kafka"))
            .map(channel -> channel.get("address").asText())
            .collect(Collectors.toSet());
    assertThat(addresses).isEqualTo(topics);
  }

  @Test
  void a_topics_events_are_the_messages_of_its_channel() {
    for (Topic<?> topic : Topic.ALL) {
      JsonNode channel = channel(topic.name());
      assertThat(fieldNames(channel.get("messages"))).isEqualTo(topic.types().keySet());
      boolean compact =
          channel
              .at("/bindings/kafka/topicConfiguration/cleanup.policy/0")
              .asText()
              .equals("compact");
      assertThat(compact).as("%s is compacted", topic.name()).isEqualTo(topic.compacted());
    }
  }

  @Test
  void a_feed_brings_every_message_of_its_kind() {
    assertThat(fieldNames(channel("/feed/bars/{barId}").get("messages")))
        .isEqualTo(types(FeedMessage.class));
    assertThat(fieldNames(channel("/feed/bars/{barId}/pickup").get("messages")))
        .isEqualTo(types(PickupMessage.class));
    assertThat(fieldNames(channel("/feed/my-orders").get("messages")))
        .isEqualTo(types(MyOrdersMessage.class));
  }

  @Test
  void cancel_is_asked_where_the_document_says() {
    assertThat(fieldNames(channel(Cancel.ADDRESS).get("messages")))
        .containsExactly("CancelRequest");
  }

  private static Set<String> types(Class<?> messages) {
    return Samples.all()
        .filter(sample -> sample.form().readAs() == messages)
        .map(sample -> Samples.tree(sample.text()).get("type").textValue())
        .collect(Collectors.toSet());
  }

  private static Stream<JsonNode> channels() {
    return Documents.at(CHANNELS).properties().stream().map(Map.Entry::getValue);
  }

  private static JsonNode channel(String address) {
    return channels()
        .filter(channel -> channel.get("address").asText().equals(address))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> fieldNames(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }
}
