package cinema.local;

import cinema.shared.service.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Keeps programs running: one that ends is started again at once, one that keeps ending after a
 * pause. {@code $DATA/processes.json} follows every change.
 */
final class Supervisor {
  private static final int LOOK_MILLIS = 50;
  private static final int PAUSE_MILLIS = 1000;
  private static final long STARTING_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int REPLACE_SECONDS = 60;

  private final Path data;
  private final Consumer<String> progress;
  private final List<Program> programs = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> watches = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentHashMap<Program, ProcessList.Entry> running = new ConcurrentHashMap<>();

  /** Those that are to end and stay ended, with who waits for that. */
  private final ConcurrentHashMap<Program, CompletableFuture<Void>> leaving =
      new ConcurrentHashMap<>();

  private final CountDownLatch stopping = new CountDownLatch(1);

  /** One more than there are processors: a start also waits now and then, for others. */
  private final Semaphore starting =
      new Semaphore(Runtime.getRuntime().availableProcessors() + 1, true);

  private final ConcurrentHashMap<String, Semaphore> startingOf = new ConcurrentHashMap<>();

  private volatile List<ProcessList.Entry> inThisProcess = List.of();

  Supervisor(Path data, Consumer<String> progress) {
    this.data = data;
    this.progress = progress;
  }

  /** Completes when the program is ready, and fails when its first start does. */
  CompletableFuture<Void> keep(Program program) {
    CompletableFuture<Void> firstStart = new CompletableFuture<>();
    programs.add(program);
    // Not a daemon: the run goes on for as long as there is something to watch.
    watches.add(
        Thread.ofPlatform().name("keep " + program.name()).start(() -> keep(program, firstStart)));
    return firstStart;
  }

  /** Keeps the servers that this run does not find elsewhere; completes when they can be used. */
  CompletableFuture<Void> keepServers(Place place) {
    List<CompletableFuture<Void>> started = new ArrayList<>();
    if (place.embedsPostgres()) {
      started.add(keep(ServerProgram.postgres(place)));
    }
    if (place.embedsKafka()) {
      started.add(keep(ServerProgram.kafka(place)));
    }
    return CompletableFuture.allOf(started.toArray(CompletableFuture[]::new));
  }

  /** Lists what runs in this process. */
  void listToo(List<ProcessList.Entry> here) throws IOException {
    inThisProcess = List.copyOf(here);
    write();
  }

  /**
   * Starts a program and, once it has been ready for a while, drains the one in whose place it
   * comes: what has just started is slow at first, and what ends again at once must not be all
   * there is.
   *
   * @param minReady for how long
   * @throws CannotStart when it does not become ready or stay up; then the one before goes on
   */
  void replace(Program before, Program fresh, Duration minReady) throws Exception {
    try {
      keep(fresh).get(REPLACE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CannotStart(fresh.name() + " cannot be started: " + Service.reason(e));
    } catch (TimeoutException e) {
      letGo(fresh);
      throw new CannotStart(
          fresh.name() + " does not become ready, and the one before goes on; see its log");
    }
    long ready = fresh.pid();
    // Started again meanwhile it is another process.
    if (isWanted(fresh, (int) minReady.toMillis())
        && (!fresh.isRunning() || fresh.pid() != ready)) {
      letGo(fresh);
      throw new CannotStart(
          fresh.name() + " has ended again, and the one before goes on; see its log");
    }
    letGo(before);
  }

  /** Drains it, and returns once it has ended for good. */
  private void letGo(Program program) throws Exception {
    leaving.computeIfAbsent(program, none -> new CompletableFuture<>()).get();
  }

  private void keep(Program program, CompletableFuture<Void> firstStart) {
    keepRunning(program, firstStart);
    if (leaving.containsKey(program)) {
      program.drain();
      unlist(program);
      programs.remove(program);
      watches.remove(Thread.currentThread());
      leaving.remove(program).complete(null);
    } else if (firstStart.isCompletedExceptionally()) {
      programs.remove(program);
    }
  }

  private void keepRunning(Program program, CompletableFuture<Void> firstStart) {
    while (isWanted(program, 0)) {
      long begun = System.nanoTime();
      try {
        start(program);
        // Whoever waits for the first start has a limit of their own.
        while (!firstStart.isDone()
            && program.isRunning()
            && !program.isReady()
            && isWanted(program, LOOK_MILLIS)) {}
        if (program.isRunning() && firstStart.complete(null)) {
          double seconds = (System.nanoTime() - begun) / 1e9;
          progress.accept(
              "%-11s port %d, %.1f s".formatted(program.name(), program.port(), seconds));
        }
        while (program.isRunning() && isWanted(program, LOOK_MILLIS)) {}
        if (!program.isRunning()) {
          unlist(program);
        }
      } catch (Exception e) {
        if (firstStart.completeExceptionally(e)) {
          return;
        }
        progress.accept(program.name() + " cannot be started again: " + Service.reason(e));
      }
      boolean young = System.nanoTime() - begun < YOUNG_NANOS;
      if (isWanted(program, young ? PAUSE_MILLIS : 0)) {
        progress.accept(program.name() + " has ended and is started again");
      }
    }
  }

  /**
   * A start takes a whole processor for seconds: to start more at once makes all of them late, and
   * two of one service keep their customers waiting for twice as long as one would. One that does
   * not come up keeps the others waiting for a while only; and what it waits for to be ready may be
   * one of them.
   */
  private void start(Program program) throws Exception {
    Semaphore sameService =
        startingOf.computeIfAbsent(program.service(), none -> new Semaphore(1, true));
    sameService.acquire();
    starting.acquire();
    try {
      program.start();
      list(program);
      long limit = System.nanoTime() + STARTING_NANOS;
      while (program.isRunning()
          && !program.isUp()
          && System.nanoTime() < limit
          && isWanted(program, LOOK_MILLIS)) {}
    } finally {
      starting.release();
      sameService.release();
    }
  }

  /** Whether it is still to run after so long. */
  private boolean isWanted(Program program, int waitMillis) {
    try {
      return !stopping.await(waitMillis, TimeUnit.MILLISECONDS) && !leaving.containsKey(program);
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void list(Program program) throws IOException {
    running.put(program, program.entry());
    write();
  }

  private void unlist(Program program) {
    running.remove(program);
    try {
      write();
    } catch (IOException e) {
      progress.accept("processes.json cannot be written: " + e);
    }
  }

  private synchronized void write() throws IOException {
    List<ProcessList.Entry> entries = new ArrayList<>(inThisProcess);
    for (Program program : List.copyOf(programs)) {
      ProcessList.Entry entry = running.get(program);
      if (entry != null) {
        entries.add(entry);
      }
    }
    if (stopping.getCount() > 0) {
      new ProcessList(entries).write(data);
    }
  }

  /** Ends everything in order: the front door, the services together, then the servers. */
  void stop() {
    stopping.countDown();
    // A start in hand is waited for: what it starts is to be ended too.
    List.copyOf(watches).forEach(Supervisor::join);
    unlistAll();
    List<Program> all = List.copyOf(programs);
    List<Program> doors = all.stream().filter(each -> each.service().equals("front-door")).toList();
    List<Program> servers = all.stream().filter(Supervisor::isServer).toList();
    List<Program> services = new ArrayList<>(all);
    services.removeAll(doors);
    services.removeAll(servers);
    for (List<Program> together : List.of(doors, services, servers)) {
      try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
        together.forEach(program -> each.execute(program::stop));
      }
    }
  }

  private synchronized void unlistAll() {
    try {
      Files.deleteIfExists(data.resolve("processes.json"));
    } catch (IOException e) {
      progress.accept("processes.json is left behind: " + e);
    }
  }

  private static boolean isServer(Program program) {
    return program.service().equals("postgres") || program.service().equals("kafka");
  }

  private static void join(Thread watch) {
    try {
      watch.join(TimeUnit.SECONDS.toMillis(60));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
