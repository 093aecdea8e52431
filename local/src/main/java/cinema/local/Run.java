package cinema.local;

import cinema.shared.service.Keys;
import cinema.shared.service.Service;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * {@code ./run} and {@code ./run cluster}: start everything here, in one process or in many, and
 * say how to use it; {@code ./run roll} replaces the processes of a running cluster, {@code ./run
 * redrive} sends dead letters back, {@code ./run rotate-keys} changes the key that signs sessions,
 * {@code ./run reread} lets a service read Kafka anew.
 */
public final class Run {
  private Run() {}

  /** Ends with status 1 and one line when something keeps it from starting. */
  public static void main(String[] arguments) {
    switch (arguments.length > 0 ? arguments[0] : "") {
      case "roll" -> roll(arguments.length > 1 ? arguments[1] : null);
      case "redrive" -> redrive(arguments.length > 1 ? arguments[1] : null);
      case "rotate-keys" -> rotateKeys();
      case "reread" -> reread(arguments.length > 1 ? arguments[1] : null);
      default -> start(arguments);
    }
  }

  private static void start(String[] arguments) {
    long begun = System.nanoTime();
    Intermission intermission;
    Place place;
    try {
      place = Place.of(System.getenv());
      intermission = chosen(arguments, place);
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

  private static void roll(String service) {
    try {
      ManyProcesses.askToRoll(
          Place.of(System.getenv()), service, line -> System.out.println("  " + line));
      System.out.println("rolled");
    } catch (RuntimeException e) {
      System.err.println("Cannot roll: " + Service.reason(e));
      System.exit(1);
    }
  }

  private static void redrive(String topic) {
    try {
      Redrive.run(System.getenv(), topic, System.out::println);
    } catch (RuntimeException e) {
      System.err.println("Cannot redrive: " + Service.reason(e));
      System.exit(1);
    }
  }

  private static void rotateKeys() {
    try {
      Place place = Place.of(System.getenv());
      // A deployment elsewhere gets its first keys this way, too.
      Keys.ensure(place.key("sessions.private.json"));
      Keys.rotate(
          place.key("sessions.private.json"), place.key("sessions.public.json"), Instant.now());
      System.out.println(
          "Sessions are signed with a new key in two minutes; those of the key before stay good.");
    } catch (RuntimeException e) {
      System.err.println("Cannot rotate the keys: " + Service.reason(e));
      System.exit(1);
    }
  }

  private static void reread(String service) {
    try {
      Reread.run(System.getenv(), service, System.out::println);
    } catch (RuntimeException e) {
      System.err.println("Cannot let it read again: " + Service.reason(e));
      System.exit(1);
    }
  }

  private static void fail(Exception reason) {
    System.err.println("Intermission cannot start: " + Service.reason(reason));
    System.exit(1);
  }

  private static Intermission chosen(String[] arguments, Place place) {
    Consumer<String> progress = line -> System.out.println("  " + line);
    return switch (String.join(" ", arguments)) {
      case "" -> new OneProcess(place, progress);
      case "cluster" -> new ManyProcesses(place, progress);
      default -> throw new CannotStart("there is no './run " + String.join(" ", arguments) + "'");
    };
  }

  private static void giveUp(Intermission intermission, Exception reason) {
    System.err.println("Intermission cannot start: " + Service.reason(reason));
    intermission.giveUp();
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

          order page     http://127.0.0.1:PORT/
          staff board    http://127.0.0.1:PORT/board?bar=lobby
          pickup screen  http://127.0.0.1:PORT/pickup?bar=lobby
          API            http://127.0.0.1:PORT/openapi.yaml

        A first order:

          TOKEN=$(curl -s -X POST http://127.0.0.1:PORT/sessions | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
          curl -s http://127.0.0.1:PORT/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
            -d '{"barId":"lobby","lines":[{"itemId":"popcorn-caramel-l","quantity":1},{"itemId":"cola-m","quantity":2}],"customer":{"name":"Mina"},"seat":"F12"}'
        """
        .replace("PORT", Integer.toString(place.port()));
  }
}
