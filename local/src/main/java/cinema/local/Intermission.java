package cinema.local;

import cinema.alarm.AlarmVerticle;
import cinema.order.OrderVerticle;
import cinema.servers.FreePort;
import cinema.servers.KafkaServer;
import cinema.servers.PostgresServer;
import cinema.shared.contract.Routes;
import cinema.shared.service.Cluster;
import cinema.shared.service.Keys;
import cinema.shared.service.Settings;
import cinema.snackbar.SnackbarVerticle;
import cinema.view.ViewVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A whole Intermission on this machine: servers, the four verticles in this JVM, the front door.
 */
final class Intermission {
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 30;

  private final Place place;
  private final Consumer<String> progress;

  /** Held for as long as this JVM lives; the system gives it up with the process. */
  private FileChannel lockFile;

  private PostgresServer postgres;
  private KafkaServer kafka;
  private Vertx vertx;

  /** Something that keeps it from starting, in one line for a person. */
  static final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotStart(String message) {
      super(message);
    }
  }

  Intermission(Place place, Consumer<String> progress) {
    this.place = place;
    this.progress = progress;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Returns when everything answers; a failure leaves nothing running once stopped. */
  void start() throws Exception {
    lock();
    requireFreePorts();
    Keys.ensure(place.key("sessions.private.json"), place.key("sessions.public.json"));
    Keys.ensure(place.key("staff.private.json"), place.key("staff.public.json"));
    String ownPostgres = place.environment().get("POSTGRES_URL");
    String ownKafka = place.environment().get("KAFKA_BOOTSTRAP");

    var postgresStarts =
        ownPostgres == null ? CompletableFuture.runAsync(this::startPostgres) : null;
    var kafkaStarts = ownKafka == null ? CompletableFuture.runAsync(this::startKafka) : null;
    Future<Vertx> joins = Cluster.join(place.clusterSettings());
    await(postgresStarts);
    await(kafkaStarts);
    vertx = await(joins);
    progress.accept("cluster     port " + place.clusterPort());

    String postgresUrl = ownPostgres == null ? postgres.url() : ownPostgres;
    String kafkaAt = ownKafka == null ? kafka.bootstrap() : ownKafka;
    List<Future<?>> deployed = new ArrayList<>();
    for (Routes.Service service : Routes.Service.values()) {
      Settings settings = place.settingsOf(service, postgresUrl, kafkaAt);
      deployed.add(vertx.deployVerticle(verticle(service, settings)));
    }
    await(Future.all(deployed));
    await(ready());
    await(new FrontDoor(vertx, place, new DevTokens(vertx, place)).listen(place.port()));
    processes().write(place.data());
  }

  private static VerticleBase verticle(Routes.Service service, Settings settings) {
    return switch (service) {
      case ORDER -> new OrderVerticle(settings);
      case SNACKBAR -> new SnackbarVerticle(settings);
      case ALARM -> new AlarmVerticle(settings);
      case VIEW -> new ViewVerticle(settings);
    };
  }

  private void startPostgres() {
    long begun = System.nanoTime();
    postgres = PostgresServer.start(place.data().resolve("postgres"), place.postgresPort());
    progress.accept("PostgreSQL  port " + postgres.port() + since(begun));
  }

  private void startKafka() {
    long begun = System.nanoTime();
    kafka =
        KafkaServer.start(
            place.data().resolve("kafka"), place.kafkaPort(), place.kafkaControllerPort());
    progress.accept("Kafka       port " + kafka.port() + since(begun));
  }

  private static String since(long begun) {
    return ", %.1f s".formatted((System.nanoTime() - begun) / 1e9);
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

  /** One run per data directory: two would fight over the same servers. */
  private void lock() throws IOException {
    try {
      Files.createDirectories(place.data());
      lockFile =
          FileChannel.open(
              place.data().resolve("run.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        throw new CannotStart("the data directory " + place.data() + " is in use by another run");
      }
    } catch (OverlappingFileLockException e) {
      throw new CannotStart("the data directory " + place.data() + " is in use by another run");
    } catch (IOException e) {
      throw new CannotStart("the data directory " + place.data() + " cannot be used: " + e);
    }
  }

  private void requireFreePorts() {
    List<Integer> ports = new ArrayList<>();
    ports.add(place.port());
    for (Routes.Service service : Routes.Service.values()) {
      ports.add(place.portOf(service));
    }
    ports.add(place.clusterPort());
    for (int port : ports) {
      if (!FreePort.isFree(port)) {
        throw new CannotStart(
            "port " + port + " is in use; free it, or move everything with PORT=<another>");
      }
    }
  }

  private ProcessList processes() {
    long here = ProcessHandle.current().pid();
    List<ProcessList.Entry> entries = new ArrayList<>();
    for (Routes.Service service : Routes.Service.values()) {
      String name = Place.name(service);
      entries.add(new ProcessList.Entry(name + "-1", name, here, place.portOf(service)));
    }
    entries.add(new ProcessList.Entry("front-door", "front-door", here, place.port()));
    if (postgres != null) {
      entries.add(new ProcessList.Entry("postgres", "postgres", postgres.pid(), postgres.port()));
    }
    if (kafka != null) {
      entries.add(new ProcessList.Entry("kafka", "kafka", kafka.pid(), kafka.port()));
    }
    return new ProcessList(entries);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return await(future.toCompletionStage().toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    if (future == null) {
      return null;
    }
    try {
      return future.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new CannotStart("not ready within " + START_SECONDS + " s");
    }
  }

  /** Verticles first, then Kafka, then PostgreSQL. */
  void stop() throws Exception {
    try {
      if (vertx != null) {
        vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
      }
      Files.deleteIfExists(place.data().resolve("processes.json"));
    } finally {
      stopServers();
    }
  }

  void stopServers() {
    if (kafka != null) {
      kafka.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }
}
