package cinema.view;

import cinema.shared.service.Caller;
import cinema.shared.service.Problem;
import cinema.shared.service.Proxies;
import cinema.shared.service.Settings;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/** How many feeds are open for each caller, and from each address. All on one event loop. */
final class OpenFeeds {
  /** An open feed costs nothing by itself: whoever has too many is to close one. */
  private static final int LATER_SECONDS = 30;

  private final Proxies proxies;
  private final int mostOfCaller;
  private final int mostOfAddress;
  private final Map<String, Integer> ofCaller = new HashMap<>();
  private final Map<String, Integer> ofAddress = new HashMap<>();

  OpenFeeds(Settings settings) {
    this.proxies = settings.trustedProxies();
    this.mostOfCaller = settings.callerSockets();
    this.mostOfAddress = settings.addressSockets();
  }

  /**
   * Counts one more.
   *
   * @param caller null for anybody
   * @return what to run once it is closed
   * @throws Problem.Thrown 429 when it is one too many
   */
  Runnable enter(Caller caller, HttpServerRequest request) {
    String address = proxies.networkOf(request);
    if (ofAddress.getOrDefault(address, 0) >= mostOfAddress) {
      throw tooMany("address");
    }
    if (caller != null && ofCaller.getOrDefault(caller.id(), 0) >= mostOfCaller) {
      throw tooMany("caller");
    }
    ofAddress.merge(address, 1, Integer::sum);
    if (caller != null) {
      ofCaller.merge(caller.id(), 1, Integer::sum);
    }
    return () -> {
      leave(ofAddress, address);
      if (caller != null) {
        leave(ofCaller, caller.id());
      }
    };
  }

  private static void leave(Map<String, Integer> open, String who) {
    open.computeIfPresent(who, (id, count) -> count == 1 ? null : count - 1);
  }

  private static Problem.Thrown tooMany(String limit) {
    return Problem.of(429, "too-many", "Too many feeds", "Close one before you open another.")
        .with("limit", limit)
        .retryAfter(LATER_SECONDS)
        .thrown();
  }
}
