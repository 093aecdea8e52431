package cinema.local;

import static cinema.local.Intermission.await;

import cinema.alarm.AlarmVerticle;
import cinema.order.OrderVerticle;
import cinema.shared.contract.Routes;
import cinema.shared.service.Cluster;
import cinema.shared.service.Settings;
import cinema.snackbar.SnackbarVerticle;
import cinema.view.ViewVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@code ./run}: the four verticles and the front door in this JVM, the servers beside it. */
final class OneProcess implements Intermission {
  private static final int STOP_SECONDS = 30;

  private final Place place;
  private final Consumer<String> progress;
  private final Supervisor supervisor;

  private Claim claim;
  private Vertx vertx;

  OneProcess(Place place, Consumer<String> progress) {
    this.place = place;
    this.progress = progress;
    this.supervisor = new Supervisor(place.data(), progress);
  }

  Vertx vertx() {
    return vertx;
  }

  @Override
  public void start() throws Exception {
    claim = Claim.on(place, ports());
    CompletableFuture<Void> servers = supervisor.keepServers(place);
    Future<Vertx> joins = Cluster.join(place.clusterSettings());
    await(servers);
    vertx = await(joins);
    progress.accept("cluster     port " + place.clusterPort());

    List<Future<?>> deployed = new ArrayList<>();
    for (Routes.Service service : Routes.Service.values()) {
      deployed.add(vertx.deployVerticle(verticle(service, place.settingsOf(service))));
    }
    await(Future.all(deployed));
    await(ready());
    await(new FrontDoor(vertx, place, Replicas.inThisProcess(place)).listen(place.port()));
    supervisor.listToo(entries());
  }

  private static VerticleBase verticle(Routes.Service service, Settings settings) {
    return switch (service) {
      case ORDER -> new OrderVerticle(settings);
      case SNACKBAR -> new SnackbarVerticle(settings);
      case ALARM -> new AlarmVerticle(settings);
      case VIEW -> new ViewVerticle(settings);
    };
  }

  /** Completes when every service says that it is ready. */
  private Future<Void> ready() {
    ReadyCheck check = new ReadyCheck(vertx);
    List<Future<Void>> all = new ArrayList<>();
    for (Routes.Service service : Routes.Service.values()) {
      all.add(
          check
              .untilReady(place.portOf(service))
              .onSuccess(
                  ready ->
                      progress.accept(
                          "%-11s port %d".formatted(Place.name(service), place.portOf(service)))));
    }
    return Future.all(all).mapEmpty();
  }

  private List<Integer> ports() {
    List<Integer> ports = new ArrayList<>(List.of(place.port(), place.clusterPort()));
    for (Routes.Service service : Routes.Service.values()) {
      ports.add(place.portOf(service));
    }
    return ports;
  }

  private List<ProcessList.Entry> entries() {
    long here = ProcessHandle.current().pid();
    List<ProcessList.Entry> entries = new ArrayList<>();
    for (Routes.Service service : Routes.Service.values()) {
      String name = Place.name(service);
      entries.add(new ProcessList.Entry(name + "-1", name, here, place.portOf(service)));
    }
    entries.add(new ProcessList.Entry("front-door", "front-door", here, place.port()));
    return entries;
  }

  @Override
  public void stop() throws Exception {
    try {
      if (vertx != null) {
        vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      supervisor.stop();
    }
  }

  /** Half-started verticles cannot be closed in order: the servers are, and the rest just ends. */
  @Override
  public void giveUp() {
    supervisor.stop();
  }
}
