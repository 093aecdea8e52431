package cinema.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The siege of the reference designs: {@code USERS} customers at a time order and take it back,
 * again and again for {@code SECONDS}, while the bar that has to agree takes 400 ± 220 ms for
 * whatever it writes. That is its database's doing, by a trigger that is taken away at the end.
 *
 * <p>Fails unless every request is answered: a cancel for certain, or as kept to be settled later.
 */
public final class SlowCalleeSimulation extends Simulation {
  private final Settings settings = Settings.ofProcess();
  private final Postgres database =
      new Postgres(settings.databaseUrl(), Path.of("target", "pgbench"));

  {
    Duration warmUp = Duration.ofSeconds(settings.warmupSeconds());
    Duration measured = Duration.ofSeconds(settings.seconds());
    List<Map<String, Object>> guests = Guests.letIn(settings);
    setUp(
            scenario("Warm-up")
                .feed(listFeeder(guests).random())
                .exec(visit(" (warm-up)"))
                .injectClosed(constantConcurrentUsers(settings.users()).during(warmUp))
                .andThen(
                    scenario("Siege")
                        .feed(listFeeder(guests).random())
                        .exec(visit(""))
                        .injectClosed(constantConcurrentUsers(settings.users()).during(measured))))
        .protocols(Guests.protocol(settings))
        .maxDuration(warmUp.plus(measured).plusMinutes(1))
        .assertions(forAll().failedRequests().count().is(0L));
  }

  @Override
  public void before() {
    asked(database::slowBar);
  }

  @Override
  public void after() {
    asked(database::quickBar);
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void asked(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ChainBuilder visit(String when) {
    return exitBlockOnFail().on(Guests.order(when, "Siege", "orderId"), exec(Guests.cancel(when)));
  }
}
