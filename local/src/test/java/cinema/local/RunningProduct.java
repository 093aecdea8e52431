package cinema.local;

import cinema.servers.FreePort;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** All of the product in this JVM, on ports of its own, and asked as often as tests like. */
final class RunningProduct {
  final Place place;
  final Product product;

  private final OneProcess intermission;

  RunningProduct(Path data) throws Exception {
    this(data, Map.of());
  }

  /**
   * @param more variables of its environment
   */
  RunningProduct(Path data, Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("PORT", Integer.toString(FreePort.findRow(Place.PORTS)));
    environment.put("DATA", data.toString());
    environment.put("RATE_LIMITS", "off");
    place = Place.of(environment);
    intermission = new OneProcess(place, line -> {});
    intermission.start();
    product = new Product(vertx(), place.port());
  }

  Vertx vertx() {
    return intermission.vertx();
  }

  void stop() throws Exception {
    intermission.stop();
  }
}
