package cinema.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Somebody behind the counter, in a process of their own: starts on each order that a line of
 * standard input names, at once, and prints what the bar says.
 */
final class Barkeeper {
  private Barkeeper() {}

  /**
   * @param arguments the front door's address, a token and the bar's id; ends with standard input
   */
  public static void main(String[] arguments) throws IOException {
    try (Cinema cinema = new Cinema(URI.create(arguments[0]));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor()) {
      in.lines()
          .map(UUID::fromString)
          .forEach(
              orderId ->
                  hands.submit(
                      () -> {
                        Outcome told =
                            cinema.step(arguments[1], arguments[2], orderId, BarStep.START);
                        say(orderId, told);
                        return null;
                      }));
    }
  }

  private static synchronized void say(UUID orderId, Outcome told) {
    System.out.println(
        orderId
            + switch (told) {
              case Outcome.Acknowledged yes -> " started " + yes.status();
              case Outcome.Refused no -> " refused " + no.orderStatus();
              case Outcome.Pending pending -> " pending -";
              case Outcome.Unknown unknown -> " unknown -";
            });
  }
}
