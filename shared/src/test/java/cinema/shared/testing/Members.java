package cinema.shared.testing;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;

import cinema.shared.service.Cluster;
import cinema.shared.service.Settings;
import io.vertx.core.Vertx;
import java.util.Map;

/** Members of a cluster that is on this machine alone. */
public final class Members {
  private Members() {}

  /**
   * @param port its own, or 0 for a free one
   * @param first the port of the first member
   */
  public static Vertx join(int port, int first) {
    return join(
        Map.of("CLUSTER_PORT", Integer.toString(port), "CLUSTER_MEMBERS", "127.0.0.1:" + first));
  }

  public static Vertx join(Map<String, String> environment) {
    return await(Cluster.join(Settings.of("test", environment)));
  }

  /** Waits until whoever listens at an address has said yes to a member. */
  public static void awaitYes(Vertx asking, String address) {
    eventually(
        "the other member is answered",
        () ->
            await(
                asking
                    .eventBus()
                    .<String>request(address, "?")
                    .map(reply -> reply.body().equals("yes"))
                    .otherwise(false)));
  }
}
