package cinema.local;

import cinema.shared.service.Service;

/** {@code ./run}: starts everything here and says how to use it. */
public final class Run {
  private Run() {}

  /** Ends with status 1 and one line when something keeps it from starting. */
  public static void main(String[] arguments) {
    long begun = System.nanoTime();
    Intermission intermission;
    Place place;
    try {
      if (arguments.length > 0) {
        throw new Intermission.CannotStart("there is no './run " + arguments[0] + "'");
      }
      place = Place.of(System.getenv());
      intermission = new Intermission(place, line -> System.out.println("  " + line));
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(intermission), "stop"));
    System.out.println("Intermission starts; its data is in " + place.data());
    try {
      intermission.start();
    } catch (Exception e) {
      giveUp(intermission, e);
      return;
    }
    System.out.println(welcome(place));
    System.out.printf("ready in %.1f s; Ctrl-C stops it%n", (System.nanoTime() - begun) / 1e9);
  }

  private static void fail(Exception reason) {
    System.err.println("Intermission cannot start: " + Service.reason(reason));
    System.exit(1);
  }

  /** Half-started verticles cannot be closed in order: the servers are, and the rest just ends. */
  private static void giveUp(Intermission intermission, Exception reason) {
    System.err.println("Intermission cannot start: " + Service.reason(reason));
    intermission.stopServers();
    Runtime.getRuntime().halt(1);
  }

  private static void stop(Intermission intermission) {
    try {
      intermission.stop();
      System.out.println("stopped");
    } catch (Exception e) {
      System.err.println("stopped, but not in order: " + Service.reason(e));
    }
  }

  private static String welcome(Place place) {
    return """

          order page   http://127.0.0.1:PORT/
          staff board  http://127.0.0.1:PORT/board?bar=lobby
          API          http://127.0.0.1:PORT/openapi.yaml

        A first order:

          TOKEN=$(curl -s -X POST http://127.0.0.1:PORT/sessions | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
          curl -s http://127.0.0.1:PORT/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
            -d '{"barId":"lobby","lines":[{"itemId":"popcorn-caramel-l","quantity":1},{"itemId":"cola-m","quantity":2}],"customer":{"name":"Mina"},"seat":"F12"}'
        """
        .replace("PORT", Integer.toString(place.port()));
  }
}
