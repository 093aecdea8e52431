package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Fault.Kind;
import cinema.chaos.Schedule.Limits;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void a_seed_means_the_same_faults_for_ever() {
    assertThat(Schedule.of(7, 4, Limits.USUAL))
        .map(Fault::toString)
        .containsExactly(
            "1. after 472 ms FREEZE snackbar-2 for 519 ms",
            "2. after 1660 ms BLACK_HOLE snackbar-2→cluster for 3594 ms",
            "3. after 985 ms FREEZE_BOTH alarm for 822 ms",
            "4. after 1024 ms KILL_POSTGRES postgres");
  }

  @Test
  void a_shorter_schedule_is_the_beginning_of_a_longer_one() {
    assertThat(Schedule.of(3, 40, Limits.USUAL))
        .startsWith(Schedule.of(3, 25, Limits.USUAL).toArray(Fault[]::new));
  }

  @Test
  void another_seed_means_other_faults() {
    assertThat(Schedule.of(1, 20, Limits.USUAL)).isNotEqualTo(Schedule.of(2, 20, Limits.USUAL));
  }

  @Test
  void twenty_faults_have_all_kinds() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(Schedule.of(seed, 20, Limits.USUAL))
          .extracting(Fault::kind)
          .contains(Kind.values());
    }
  }

  @Test
  void heavier_kinds_come_more_often() {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    Schedule.of(1, 5000, Limits.USUAL)
        .forEach(fault -> counts.merge(fault.kind(), 1, Integer::sum));
    assertThat(counts.get(Kind.KILL)).isGreaterThan(2 * counts.get(Kind.KILL_POSTGRES));
    assertThat(counts.get(Kind.KILL_POSTGRES)).isGreaterThan(counts.get(Kind.WIPE_KAFKA));
  }

  @Test
  void a_kind_befalls_only_what_it_can_and_all_of_that() {
    Map<Kind, Set<Target>> seen = new EnumMap<>(Kind.class);
    Schedule.of(1, 20_000, Limits.USUAL)
        .forEach(
            fault ->
                seen.computeIfAbsent(fault.kind(), kind -> new HashSet<>()).add(fault.target()));
    for (Kind kind : Kind.values()) {
      assertThat(seen.get(kind)).containsExactlyInAnyOrderElementsOf(kind.targets);
    }
    assertThat(seen.get(Kind.KILL)).extracting(Target::name).contains("order-1", "view-2");
    assertThat(seen.get(Kind.CUT))
        .extracting(Target::name)
        .contains("alarm-2→postgres", "order-1→kafka", "front-door→view-1", "snackbar-1→cluster")
        .hasSize(32);
  }

  @Test
  void pauses_and_durations_keep_within_their_limits() {
    Limits limits =
        new Limits(
            Duration.ofMillis(5),
            Duration.ofMillis(7),
            Duration.ofMillis(10),
            Duration.ofMillis(12));
    List<Fault> schedule = Schedule.of(1, 2000, limits);
    assertThat(schedule).extracting(fault -> fault.pause().toMillis()).containsOnly(5L, 6L, 7L);
    assertThat(schedule)
        .filteredOn(fault -> fault.kind().lasts)
        .extracting(fault -> fault.lasting().toMillis())
        .containsOnly(10L, 11L, 12L);
    assertThat(schedule)
        .filteredOn(fault -> !fault.kind().lasts)
        .extracting(Fault::lasting)
        .containsOnly(Duration.ZERO);
    assertThat(schedule).allMatch(fault -> fault.late().isZero() == (fault.kind() != Kind.DELAY));
  }
}
