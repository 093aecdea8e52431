package cinema.shared.contract;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which service answers a public path: the one table behind the front door and the Gateway. */
public final class Routes {
  /** The services, by the name of their process. */
  public enum Service {
    ORDER,
    SNACKBAR,
    ALARM,
    VIEW
  }

  /**
   * One row. A request fits one of them at most, for gateways differ in which they look at first.
   *
   * @param method null for any
   * @param path with {@code {name}} for one segment, {@code /**} at the end for everything below
   */
  public record Route(String method, String path, Service service) {
    private Pattern pattern() {
      return Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+").replace("/**", "(/.*)?"));
    }
  }

  public static final List<Route> ALL =
      List.of(
          new Route(null, "/sessions", Service.ORDER),
          new Route(null, "/session-keys", Service.ORDER),
          new Route(null, "/bars", Service.ORDER),
          new Route("PATCH", "/bars/{barId}/menu/{itemId}", Service.SNACKBAR),
          new Route(null, "/bars/{barId}/menu", Service.ORDER),
          new Route(null, "/orders/**", Service.ORDER),
          new Route(null, "/my-data", Service.ORDER),
          new Route(null, "/openapi.yaml", Service.ORDER),
          new Route(null, "/bars/{barId}/orders/{orderId}/{step}", Service.SNACKBAR),
          new Route(null, "/bars/{barId}/alarms/**", Service.ALARM),
          new Route(null, "/bars/{barId}/orders", Service.VIEW),
          new Route(null, "/my-orders", Service.VIEW),
          new Route(null, "/feed-tickets", Service.VIEW),
          new Route(null, "/feed/**", Service.VIEW),
          new Route(null, "/assets/**", Service.VIEW),
          new Route(null, "/board", Service.VIEW),
          new Route(null, "/pickup", Service.VIEW),
          new Route(null, "/", Service.VIEW));

  private record Matcher(Route route, Pattern pattern) {}

  private static final List<Matcher> MATCHERS =
      ALL.stream().map(route -> new Matcher(route, route.pattern())).toList();

  /**
   * Paths that nobody reads in two ways: nothing that is written with a percent sign, no empty
   * segments, and none that begin with a dot (RFC 3986 §5.2.4, §6.2.2). Ours need nothing else.
   * Nothing is tried twice: that would take stack for each segment, and a path may have thousands.
   */
  private static final Pattern PLAIN = Pattern.compile("(/[\\w~-][\\w.~-]*+)*+/?");

  private Routes() {}

  /**
   * @param path without the query
   * @return empty for what no service answers publicly: whatever is not in the table, such as
   *     health, metrics and what is for operators, and paths that a service would read as another
   *     one
   */
  public static Optional<Service> of(String method, String path) {
    if (!PLAIN.matcher(path).matches()) {
      return Optional.empty();
    }
    for (Matcher matcher : MATCHERS) {
      boolean methodFits = matcher.route.method == null || matcher.route.method.equals(method);
      if (methodFits && matcher.pattern.matcher(path).matches()) {
        return Optional.of(matcher.route.service);
      }
    }
    return Optional.empty();
  }
}
