package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN_ID = "b7ad6b7169203331";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        // §3.2.3: of a higher version the parts that are known are read.
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-adds",
      })
  void the_caller_s_trace_goes_on_with_a_span_of_our_own(String traceparent) {
    Trace trace = Trace.of(traceparent, null);
    assertThat(trace.traceId()).isEqualTo(TRACE_ID);
    assertThat(trace.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(SPAN_ID);
    // Whether anybody keeps its spans is the caller's to say.
    String flags = traceparent.split("-")[3];
    assertThat(trace.traceparent())
        .isEqualTo("00-" + TRACE_ID + "-" + trace.spanId() + "-" + flags);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "garbage",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      })
  void what_is_no_traceparent_is_passed_over(String traceparent) {
    Trace trace = Trace.of(traceparent, null);
    assertThat(trace.traceId()).matches("(?!0{32})[0-9a-f]{32}").isNotEqualTo(TRACE_ID);
    assertThat(Trace.of(trace.traceparent(), null).traceId()).isEqualTo(trace.traceId());
  }

  @Test
  void the_correlation_id_is_the_caller_s_own_word_where_it_fits_into_a_header() {
    assertThat(Trace.of(null, "seat-G12/7").correlationId()).isEqualTo("seat-G12/7");
    assertThat(Trace.of(null, "x".repeat(128)).correlationId()).hasSize(128);
    for (String unusable : new String[] {null, "", "two words", "자리", "x".repeat(129)}) {
      Trace trace = Trace.of(null, unusable);
      assertThat(trace.correlationId()).isEqualTo(trace.traceId());
    }
  }
}
