package cinema.shared.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.contract.Customer;
import cinema.shared.contract.Line;
import cinema.shared.contract.OrderEvent;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.Topic;
import cinema.shared.contract.Wire;
import cinema.shared.service.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class CloudEventsTest {
  private static final UUID ORDER = UUID.fromString("019aa29d-df20-7c11-9d52-7f6b0a1c2d3e");
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
  private static final Trace TRACE =
      new Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "G12", true);
  private static final OrderPlaced PLACED =
      new OrderPlaced(
          ORDER,
          1,
          NOON,
          "lobby",
          UUID.fromString("019aa29d-b020-7a3b-8f21-5d0c9be4a771"),
          17,
          List.of(new Line("cola-m", "Cola (M)", 2, 3000)),
          6000,
          "KRW",
          new Customer("김하늘", null),
          null,
          null,
          NOON.plusSeconds(300));

  @Test
  void an_event_is_a_cloud_event_in_binary_mode() {
    ProducerRecord<String, String> written = write(PLACED);
    assertThat(written.topic()).isEqualTo("orders");
    assertThat(written.key()).isEqualTo("lobby");
    Map<String, String> headers = new LinkedHashMap<>();
    written
        .headers()
        .forEach(each -> headers.put(each.key(), new String(each.value(), StandardCharsets.UTF_8)));
    assertThat(headers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", ORDER + ":1",
                "ce_source", "/order",
                "ce_type", "OrderPlaced",
                "ce_subject", ORDER.toString(),
                "ce_time", "2026-11-20T12:00:00.123456Z",
                "content-type", "application/json",
                "ce_correlationid", "G12",
                "ce_traceparent", "00-" + TRACE.traceId() + "-" + TRACE.spanId() + "-01"));
  }

  @Test
  void what_is_written_is_read_as_the_same_event_of_the_same_trace() {
    ProducerRecord<String, String> written = write(PLACED);
    Told<?> read = read(written.value(), written.headers());
    assertThat(read.event()).isEqualTo(PLACED);
    assertThat(read.trace().traceId()).isEqualTo(TRACE.traceId());
    assertThat(read.trace().correlationId()).isEqualTo("G12");
  }

  @Test
  void a_record_that_is_no_event_says_why() {
    String value = Wire.encode(PLACED);
    Headers untyped = write(PLACED).headers().remove("ce_type");
    assertUnreadable(value, untyped, "ce_type null is not one of orders");
    Headers nulled = write(PLACED).headers().add("ce_type", null);
    assertUnreadable(value, nulled, "ce_type null is not one of orders");
    Headers others =
        write(PLACED).headers().add("ce_type", "AlarmRaised".getBytes(StandardCharsets.UTF_8));
    assertUnreadable(value, others, "ce_type AlarmRaised is not one of orders");
    assertUnreadable(null, write(PLACED).headers(), "no value");
    assertUnreadable("null", write(PLACED).headers(), "no value");
    assertUnreadable("{\"orderId\":", write(PLACED).headers(), "OrderPlaced: ");
    assertUnreadable("{\"version\":\"first\"}", write(PLACED).headers(), "OrderPlaced: ");
  }

  @Test
  void why_it_cannot_be_read_names_the_place_and_nothing_that_a_customer_wrote() {
    for (String value :
        List.of(
            "{\"customer\":{\"name\":\"Mina\",\"phone\":{\"010-1234-5678\":1}}}",
            "{\"customer\":Mina 010-1234-5678}",
            "{\"placedAt\":\"Mina 010-1234-5678\"}",
            "{\"lines\":[{\"quantity\":\"Mina 010-1234-5678\"}]}")) {
      assertThatThrownBy(() -> read(value, write(PLACED).headers()))
          .hasMessageMatching("OrderPlaced: cannot be read( at [a-zA-Z.0-9\\[\\]]+)?, column \\d+")
          .hasNoCause();
    }
    assertUnreadable("{\"customer\":{\"phone\":{}}}", write(PLACED).headers(), "at customer.phone");
  }

  private static void assertUnreadable(String value, Headers headers, String why) {
    assertThatThrownBy(() -> read(value, headers))
        .isInstanceOf(Wire.Unreadable.class)
        .hasMessageContaining(why);
  }

  private static ProducerRecord<String, String> write(OrderEvent event) {
    return new CloudEvents("order").write(Topic.ORDERS, new Told<>(event, TRACE));
  }

  private static Told<?> read(String value, Headers headers) {
    ConsumerRecord<String, String> kafkaRecord =
        new ConsumerRecord<>("orders", 0, 0, "lobby", value);
    headers.forEach(kafkaRecord.headers()::add);
    return CloudEvents.read(List.of(Topic.ORDERS), kafkaRecord);
  }
}
