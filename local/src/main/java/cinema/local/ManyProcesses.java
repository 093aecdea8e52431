package cinema.local;

import static cinema.local.Intermission.await;

import cinema.shared.contract.Routes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * {@code ./run cluster}: every verticle a process of its own with some replicas, and so the front
 * door and the servers; each is started again when it ends.
 */
final class ManyProcesses implements Intermission {
  private final Place place;
  private final Supervisor supervisor;
  private final List<JavaProgram> replicas = new ArrayList<>();

  private Claim claim;

  ManyProcesses(Place place, Consumer<String> progress) {
    this.place = place;
    this.supervisor = new Supervisor(place.data(), progress);
  }

  @Override
  public void start() throws Exception {
    for (Routes.Service service : Routes.Service.values()) {
      for (int replica = 1; replica <= place.replicas(); replica++) {
        replicas.add(replica(service, replica));
      }
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
    replicas.forEach(replica -> ready.add(supervisor.keep(replica)));
    await(CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new)));
  }

  private JavaProgram replica(Routes.Service service, int replica) {
    String name = Place.name(service);
    String numbered = name + "-" + replica;
    String verticle = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Verticle";
    return new JavaProgram(
        numbered,
        name,
        place.portOf(service, replica),
        "cinema." + name + "." + verticle,
        log(numbered),
        place.environmentOf(service, replica));
  }

  private Path log(String name) {
    return place.data().resolve("logs").resolve(name + ".log");
  }

  private List<Integer> ports() {
    List<Integer> ports = new ArrayList<>(List.of(place.port()));
    replicas.forEach(replica -> ports.add(replica.port()));
    for (Routes.Service service : Routes.Service.values()) {
      for (int replica = 1; replica <= place.replicas(); replica++) {
        ports.add(place.clusterPortOf(service, replica));
      }
    }
    return ports;
  }

  @Override
  public void stop() {
    supervisor.stop();
  }

  @Override
  public void giveUp() {
    supervisor.stop();
  }
}
