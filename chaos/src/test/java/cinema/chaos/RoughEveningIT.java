package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The product as it is, on a rough evening. Longer ones: {@code mvn -pl chaos -am verify
 * -DskipUnitTests -Dorders=100000 -Dfaults=200 -Dseed=1}.
 */
class RoughEveningIT {
  /** More in less time than on a usual one. */
  private static final Schedule.Limits DENSE =
      new Schedule.Limits(
          Duration.ofMillis(200),
          Duration.ofMillis(800),
          Duration.ofMillis(300),
          Duration.ofMillis(1500));

  @Test
  void every_promise_is_kept_whatever_breaks() throws Exception {
    boolean isShort = Integer.getInteger("faults", 20) <= 30;
    RoughEvening.Plan plan = RoughEvening.asTold(isShort ? DENSE : Schedule.Limits.USUAL);
    System.out.println("seed " + plan.seed());

    RoughEvening.Result result = new RoughEvening(plan, System.out::println).spend();

    System.out.print(result);
    assertThat(result.troubled()).isEmpty();
    // How fast is for long evenings: in a build the machine may be busy with other things.
    assertThat(result.report().anomalies())
        .as(result.toString())
        .filteredOn(found -> !isShort || found.kind() != Anomaly.Kind.NOT_DELIVERED_IN_TIME)
        .isEmpty();
    assertThat(result.report().calls().get("place").acknowledged())
        .isGreaterThanOrEqualTo(plan.orders());
  }
}
