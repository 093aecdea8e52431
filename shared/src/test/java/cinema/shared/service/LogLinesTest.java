package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.250Z");
  private static final String FORGED =
      "Mina\n2026-11-21T12:00:00.000Z ERROR all is lost\r\u001b[2J\u202e";

  private final LogLines lines = new LogLines(ZoneId.of("Asia/Seoul"));

  @Test
  void a_line_for_people_has_the_date_the_time_and_how_far_that_is_from_utc() {
    assertThat(written(event("cancelled", null)))
        .isEqualTo(
            "2026-11-21T21:00:00.250+09:00 WARN  CancelOrder - cancelled trace=4bf9 order=7\n");
  }

  @Test
  void a_line_for_machines_is_one_json_object_whose_fields_are_what_was_said() {
    lines.setFormat("json");
    LogLines.writeAs("order");

    String line = written(event("cancelled", null));

    assertThat(line).endsWith("}\n");
    assertThat(new JsonObject(line))
        .isEqualTo(
            new JsonObject()
                .put("time", "2026-11-21T12:00:00.250Z")
                .put("level", "WARN")
                .put("service", "order")
                .put("logger", "cinema.order.CancelOrder")
                .put("message", "cancelled")
                .put("trace", "4bf9")
                .put("order", 7));
  }

  @Test
  void nothing_that_a_client_sends_begins_a_line_or_moves_the_cursor() {
    String text = written(event(FORGED, null));
    assertThat(text.lines()).hasSize(1);
    assertThat(text).contains("Mina\\n2026").doesNotContain("\r", "\u001b", "\u202e");

    lines.setFormat("json");
    String json = written(event(FORGED, null));
    assertThat(json.lines()).hasSize(1);
    assertThat(json).doesNotContain("\r", "\u001b");
  }

  @Test
  void what_failed_is_told_with_its_causes_and_where_and_cannot_be_taken_for_another_line() {
    Throwable failure = new IllegalStateException(FORGED, new ArithmeticException("by zero"));

    String text = written(event("failed", failure));
    assertThat(text.lines().skip(1)).allMatch(line -> line.startsWith("    "));
    assertThat(text)
        .contains("IllegalStateException: Mina\\n2026", "because of java.lang.ArithmeticException")
        .contains("LogLinesTest.java:");

    lines.setFormat("json");
    String json = written(event("failed", failure));
    assertThat(json.lines()).hasSize(1);
    assertThat(new JsonObject(json).getString("error"))
        .contains("IllegalStateException: Mina\\n2026", "by zero", "LogLinesTest.java:");
  }

  @Test
  void what_was_said_never_takes_the_place_of_what_every_line_has() {
    lines.setFormat("json");
    LoggingEvent event = event("cancelled", null);
    event.addKeyValuePair(new KeyValuePair("level", "INFO"));

    assertThat(new JsonObject(written(event)).getString("level")).isEqualTo("WARN");
  }

  private String written(LoggingEvent event) {
    return new String(lines.encode(event), StandardCharsets.UTF_8);
  }

  private static LoggingEvent event(String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            LogLinesTest.class.getName(),
            new LoggerContext().getLogger("cinema.order.CancelOrder"),
            Level.WARN,
            message,
            failure,
            null);
    event.setInstant(NOON);
    event.addKeyValuePair(new KeyValuePair("trace", "4bf9"));
    event.addKeyValuePair(new KeyValuePair("order", 7));
    return event;
  }
}
