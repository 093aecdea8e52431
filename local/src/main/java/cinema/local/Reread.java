package cinema.local;

import cinema.shared.contract.Routes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/**
 * {@code ./run reread <service>}: lets a service begin anew with all that Kafka has, once its
 * database has been lost or restored to an earlier point.
 */
final class Reread {
  private static final String ANSWER_MILLIS = "10000";

  private Reread() {}

  /**
   * Forgets how far the service has read.
   *
   * @param service its name, such as {@code view}; null when none was said
   * @throws CannotRun when there is no such service, when it runs, or Kafka cannot be reached
   */
  static void run(Map<String, String> environment, String service, Consumer<String> say) {
    List<String> services = Arrays.stream(Routes.Service.values()).map(Place::name).toList();
    if (!services.contains(service)) {
      throw new CannotRun(
          "say which service: " + services.stream().collect(Collectors.joining(", ")));
    }
    String kafka = Place.of(environment).kafkaBootstrap();
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", kafka,
            "default.api.timeout.ms", ANSWER_MILLIS,
            "request.timeout.ms", ANSWER_MILLIS);
    try (Admin admin = Admin.create(config)) {
      // The group of a service's readers has its name.
      admin.deleteConsumerGroups(List.of(service)).all().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotRun("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupNotEmptyException) {
        throw new CannotRun(service + " still reads: stop all its processes first");
      } else if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw new CannotRun("Kafka at " + kafka + " does not answer: " + e.getCause().getMessage());
      }
    }
    say.accept(service + " reads all that Kafka has when it starts again");
  }
}
