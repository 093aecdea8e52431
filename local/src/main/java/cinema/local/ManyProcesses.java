package cinema.local;

import static cinema.local.Intermission.await;

import cinema.shared.contract.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * {@code ./run cluster}: every verticle a process of its own with some replicas, and so the front
 * door and the servers; each is started again when it ends. {@code ./run roll} replaces them while
 * customers go on.
 */
final class ManyProcesses implements Intermission {
  private static final String ALL = "all";

  private final Place place;
  private final Consumer<String> progress;
  private final Supervisor supervisor;

  /** Of each service the replicas, and where each is. */
  private final Map<Routes.Service, JavaProgram[]> replicas = new EnumMap<>(Routes.Service.class);

  private Claim claim;
  private ControlSocket control;

  ManyProcesses(Place place, Consumer<String> progress) {
    this.place = place;
    this.progress = progress;
    this.supervisor = new Supervisor(place.data(), progress);
  }

  /** Asks the run over this place to replace the processes of a service; of all when it is null. */
  static void askToRoll(Place place, String service, Consumer<String> progress) {
    ControlSocket.ask(place, service == null ? ALL : service, progress);
  }

  @Override
  public void start() throws Exception {
    for (Routes.Service service : Routes.Service.values()) {
      replicas.put(
          service,
          IntStream.rangeClosed(1, place.replicas())
              .mapToObj(replica -> replica(service, replica, replica))
              .toArray(JavaProgram[]::new));
    }
    JavaProgram frontDoor =
        new JavaProgram(
            "front-door",
            "front-door",
            place.port(),
            FrontDoor.class.getName(),
            log("front-door"),
            place.frontDoorEnvironment());
    claim = Claim.on(place, ports());
    await(supervisor.keepServers(place));
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    ready.add(supervisor.keep(frontDoor));
    replicas.values().stream()
        .flatMap(Arrays::stream)
        .forEach(replica -> ready.add(supervisor.keep(replica)));
    await(CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new)));
    takeCommands();
  }

  private void takeCommands() {
    try {
      control = ControlSocket.listen(place, this::roll);
    } catch (IOException | RuntimeException e) {
      progress.accept("./run roll cannot be used: " + e.getMessage());
    }
  }

  private JavaProgram replica(Routes.Service service, int replica, int slot) {
    String name = Place.name(service);
    String numbered = name + "-" + replica;
    String verticle = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Verticle";
    return new JavaProgram(
        numbered,
        name,
        place.portOf(service, slot),
        "cinema." + name + "." + verticle,
        log(numbered),
        place.environmentOf(service, replica, slot));
  }

  /** As Kubernetes does: one after another, each drained once the next is ready. */
  private void roll(String which, Consumer<String> told) throws Exception {
    List<Routes.Service> services =
        Arrays.stream(Routes.Service.values())
            .filter(service -> which.equals(ALL) || which.equals(Place.name(service)))
            .toList();
    if (services.isEmpty()) {
      throw new CannotStart("there is no service '" + which + "'");
    }
    for (Routes.Service service : services) {
      JavaProgram[] all = replicas.get(service);
      for (int i = 0; i < all.length; i++) {
        long begun = System.nanoTime();
        JavaProgram fresh = replica(service, i + 1, freeSlot(service));
        supervisor.replace(all[i], fresh, place.minReady());
        all[i] = fresh;
        told.accept(
            "%-11s port %d, replaced in %.1f s"
                .formatted(fresh.name(), fresh.port(), (System.nanoTime() - begun) / 1e9));
      }
    }
  }

  private int freeSlot(Routes.Service service) {
    return IntStream.rangeClosed(0, place.replicas())
        .filter(
            slot ->
                Arrays.stream(replicas.get(service))
                    .noneMatch(replica -> replica.port() == place.portOf(service, slot)))
        .findFirst()
        .orElseThrow();
  }

  private Path log(String name) {
    return place.data().resolve("logs").resolve(name + ".log");
  }

  private List<Integer> ports() {
    List<Integer> ports = new ArrayList<>(List.of(place.port()));
    for (Routes.Service service : Routes.Service.values()) {
      for (int slot = 0; slot <= place.replicas(); slot++) {
        ports.add(place.portOf(service, slot));
        ports.add(place.clusterPortOf(service, slot));
      }
    }
    return ports;
  }

  @Override
  public void stop() {
    if (control != null) {
      control.close();
    }
    supervisor.stop();
  }

  @Override
  public void giveUp() {
    supervisor.stop();
  }
}
