package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  /** As PostgreSQL sorts them; {@link UUID#compareTo} takes halves for signed numbers. */
  private static final Comparator<UUID> BYTES = Comparator.comparing(UUID::toString);

  @Test
  void later_ids_sort_after_earlier_ones() {
    List<UUID> ids = Stream.generate(Ids::next).limit(10_000).toList();
    assertThat(ids).isSortedAccordingTo(BYTES).doesNotHaveDuplicates();
    assertThat(ids).allSatisfy(id -> assertThat(id.version()).isEqualTo(7));
  }

  @Test
  void an_instant_s_floor_lies_between_what_was_made_before_and_since() {
    Instant before = Instant.now();
    UUID id = Ids.next();
    Instant after = Instant.now();
    assertThat(Ids.floor(before)).usingComparator(BYTES).isLessThanOrEqualTo(id);
    assertThat(Ids.floor(after.plusMillis(1))).usingComparator(BYTES).isGreaterThan(id);
    // RFC 9562, appendix A.6.
    assertThat(Ids.floor(Instant.parse("2022-02-22T19:22:22Z")))
        .hasToString("017f22e2-79b0-7000-8000-000000000000");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "1", "1-1-1-1-1", "019aa29d-df20-7c11-9d52-7f6b0a1c2dxx"})
  void what_is_no_id_names_nothing_that_exists(String text) {
    Problem.Thrown thrown =
        catchThrowableOfType(Problem.Thrown.class, () -> Ids.parse(text, "order"));
    assertThat(thrown.problem().status()).isEqualTo(404);
    assertThat(thrown.problem().detail()).contains("order");
  }
}
