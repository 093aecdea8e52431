package cinema.chaos;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.chaos.Crowd.Answer;
import cinema.chaos.Outcome.Acknowledged;
import cinema.chaos.Outcome.Pending;
import cinema.servers.FreePort;
import cinema.shared.contract.Cancel;
import cinema.shared.service.Cluster;
import cinema.shared.service.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred customers at once against a bar whose answers take 400 ± 220 ms where 610 are allowed:
 * {@code mvn -pl chaos -am verify -DskipUnitTests -Dit.test=SlowBarIT -Dsiege=4000}. The slowness
 * comes from outside: the bar listens to another address, and who is asked instead passes questions
 * on late.
 */
@EnabledIfSystemProperty(named = "siege", matches = "\\d+")
class SlowBarIT {
  private static final String BEHIND = Cancel.ADDRESS + ".behind";
  private static final int USERS = 100;
  private static final int LEAST_MILLIS = 400 - 220;
  private static final int MOST_MILLIS = 400 + 220;
  private static final int LIMIT_MILLIS = 610;
  private static final int FIRST_MEMBER = 61;

  @TempDir Path folder;

  @Test
  void every_cancel_is_answered_however_slow_the_bar_is() throws Exception {
    String jar = System.getProperty("classpath");
    Path planted = folder.resolve("planted");
    new Planting(planted, Path.of(jar).resolveSibling("lib"))
        .reword("cinema.snackbar.AnswerCancel", Cancel.ADDRESS, BEHIND);
    int port = FreePort.findRow(Wires.PORTS);
    Premises.Plan plan =
        new Premises.Plan(
            port,
            folder.resolve("data"),
            Set.of(),
            planted + File.pathSeparator + jar,
            System.getProperty("options", "-XX:TieredStopAtLevel=1"),
            Map.of(
                "CANCEL_TIMEOUT_MS", Integer.toString(LIMIT_MILLIS),
                "BREAKER_TIMEOUT_MS", Integer.toString(LIMIT_MILLIS + 100)));
    try (Premises premises = Premises.open(plan, Pause.REAL);
        Cinema cinema = new Cinema(premises.door())) {
      Vertx between = await(Cluster.join(member(port)));
      try {
        RandomGenerator random = Chance.of(Long.getLong("seed", 1), "slow bar");
        await(
            between
                .eventBus()
                .<String>consumer(Cancel.ADDRESS, asked -> passOn(between, asked, random))
                .completion());
        Crowd crowd = new Crowd(cinema, USERS);
        List<UUID> orders = crowd.order(Integer.getInteger("siege"));
        crowd.each(crowd.order(USERS), crowd::cancel); // warm-up
        long began = System.nanoTime();
        report(crowd.each(orders, crowd::cancel), (System.nanoTime() - began) / 1e9);
      } finally {
        await(between.close());
      }
    }
  }

  private static Settings member(int port) {
    return Settings.of(
        "slow-bar",
        Map.of("CLUSTER_PORT", "0", "CLUSTER_MEMBERS", "127.0.0.1:" + (port + FIRST_MEMBER)));
  }

  private static void passOn(Vertx between, Message<String> asked, RandomGenerator random) {
    between.setTimer(
        random.nextLong(LEAST_MILLIS, MOST_MILLIS + 1),
        late ->
            between
                .eventBus()
                .<String>request(BEHIND, asked.body())
                .onSuccess(answer -> asked.reply(answer.body()))
                .onFailure(failure -> asked.fail(500, failure.toString())));
  }

  private static void report(List<Answer> answers, double seconds) {
    long certain = answers.stream().filter(each -> each.told() instanceof Acknowledged).count();
    long kept = answers.stream().filter(each -> each.told() instanceof Pending).count();
    System.out.printf(
        "%d users, %d cancels in %.1f s (%.0f a second): %d answered 200, %d answered 202,"
            + " availability %.2f %%%n",
        USERS,
        answers.size(),
        seconds,
        answers.size() / seconds,
        certain,
        kept,
        100.0 * (certain + kept) / answers.size());
    assertThat(answers)
        .allSatisfy(
            each -> assertThat(each.told()).isInstanceOfAny(Acknowledged.class, Pending.class));
  }
}
