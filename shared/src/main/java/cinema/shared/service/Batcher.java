package cinema.shared.service;

import cinema.shared.service.Tracing.Work;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Writes many things in one go: when idle it writes at once, and what comes while a write is in
 * flight, or while one that {@linkplain #resting rests} does so, is gathered for the next (decision
 * 0005).
 *
 * <p>All calls on one event loop.
 */
public final class Batcher<T, R> {
  /**
   * @param trace of the request that it is for; null for none, and where nobody collects
   */
  private record Waiting<T, R>(T item, Promise<R> promise, Trace trace) {}

  private static final int MOST_TOGETHER = 256;
  private static final int LONGEST_REST_MILLIS = 12;
  private static final int LONGEST_FULL_REST_MILLIS = 50;

  /** Those who come by chance come in changing numbers, and are to be waited for. */
  private static final int SLOWLY = 16;

  private final int mostTogether;
  private final int mostWaiting;
  private final Function<List<T>, Future<List<R>>> write;
  private final Predicate<Throwable> refused;

  /** In traces. */
  private String together = "write together";

  private final Deque<Waiting<T, R>> waiting = new ArrayDeque<>();
  private DoubleConsumer sizes = size -> {};
  private LongSupplier nanoTime = () -> 0;
  private LongFunction<Future<Void>> pause = millis -> Future.succeededFuture();

  /** Or resting after a write. */
  private boolean writing;

  /** As many as were written together lately; after a smaller batch a little less. */
  private double usual;

  /** Completed to cut the rest short; null when there is none, or not one to be cut short. */
  private Promise<Void> resting;

  /**
   * @param write one result for each item, in their order; all or nothing
   * @param refused whether a failure means that the data was at fault, so that halves are tried
   */
  Batcher(
      int mostTogether,
      int mostWaiting,
      Function<List<T>, Future<List<R>>> write,
      Predicate<Throwable> refused) {
    this.mostTogether = mostTogether;
    this.mostWaiting = mostWaiting;
    this.write = write;
    this.refused = refused;
  }

  /**
   * One for the database: 256 together, halves where the data is refused, and among the metrics how
   * many wait and how many are written together.
   *
   * @param name of what is written, among the metrics
   * @param write one result for each item, in their order; all or nothing
   */
  public static <T, R> Batcher<T, R> intoDatabase(
      String name, int mostWaiting, Metrics metrics, Function<List<T>, Future<List<R>>> write) {
    return new Batcher<>(MOST_TOGETHER, mostWaiting, write, Database::refusesData)
        .measured(metrics, name);
  }

  /**
   * One that only looks up: as {@link #intoDatabase}, for what so many ask at once that a process
   * which has just started would have no connection left for others.
   *
   * @param name of what is asked, among the metrics
   * @param read one result for each item, in their order; null for nothing
   */
  public static <T, R> Batcher<T, R> fromDatabase(
      String name, int mostWaiting, Metrics metrics, Function<List<T>, Future<List<R>>> read) {
    Batcher<T, R> batcher = intoDatabase(name, mostWaiting, metrics, read);
    batcher.together = "read together";
    return batcher;
  }

  /** Keeps how many wait, and how many are written together, among the metrics. */
  Batcher<T, R> measured(Metrics metrics, String name) {
    metrics.gauge(
        "intermission.batch.waiting",
        "What waits for the write in flight to be over",
        this::waiting,
        "batch",
        name);
    sizes =
        metrics.sizes("intermission.batch.size", "How many are written together", "batch", name)
            ::record;
    return this;
  }

  /**
   * Lets it rest after each batch, twice as long as that took and 12 ms at most, or until as many
   * wait as were written together lately: when all who ask again at once have done so, nobody else
   * is to be waited for. What is written costs all who follow it as well, by the batch.
   *
   * <p>After a full batch it rests half as long as that took and 50 ms at most, however many come.
   * More comes then than can be written at once, and whoever follows it shares the machine.
   *
   * @param nanoTime such as {@link System#nanoTime()}
   * @param pause completes after so many milliseconds
   */
  public Batcher<T, R> resting(LongSupplier nanoTime, LongFunction<Future<Void>> pause) {
    this.nanoTime = nanoTime;
    this.pause = pause;
    return this;
  }

  /** How many wait for the write in flight to be over. */
  public int waiting() {
    return waiting.size();
  }

  /**
   * Completes with the item's own result when it is written; fails at once with a problem when as
   * many wait as may.
   */
  public Future<R> add(T item) {
    if (waiting.size() >= mostWaiting) {
      return Future.failedFuture(Problem.unavailable("More is waiting than we can take.").thrown());
    }
    Tracing tracing = Tracing.here();
    Waiting<T, R> one = new Waiting<>(item, tracing.promise(), tracing.current());
    waiting.add(one);
    if (!writing) {
      writeNext();
    } else if (resting != null && isUsualAgain()) {
      resting.tryComplete();
    }
    return one.promise.future();
  }

  private void writeNext() {
    List<Waiting<T, R>> batch = new ArrayList<>(Math.min(waiting.size(), mostTogether));
    while (!waiting.isEmpty() && batch.size() < mostTogether) {
      batch.add(waiting.poll());
    }
    if (batch.isEmpty()) {
      return;
    }
    writing = true;
    sizes.accept(batch.size());
    long began = nanoTime.getAsLong();
    Tracing.here()
        .apart(() -> write(batch))
        .transform(written -> restAfter(batch.size(), nanoTime.getAsLong() - began))
        .onComplete(
            rested -> {
              writing = false;
              writeNext();
            });
  }

  private Future<Void> restAfter(int size, long tookNanos) {
    usual = Math.max(size, usual - (usual - size) / SLOWLY);
    boolean full = size == mostTogether;
    long millis =
        full
            ? Math.min(LONGEST_FULL_REST_MILLIS, TimeUnit.NANOSECONDS.toMillis(tookNanos / 2))
            : Math.min(LONGEST_REST_MILLIS, TimeUnit.NANOSECONDS.toMillis(tookNanos * 2));
    if (millis == 0 || (!full && isUsualAgain())) {
      return Future.succeededFuture();
    }
    if (full) {
      return pause.apply(millis);
    }
    Promise<Void> rest = Promise.promise();
    resting = rest;
    pause.apply(millis).onComplete(over -> rest.tryComplete());
    return rest.future().onComplete(over -> resting = null);
  }

  private boolean isUsualAgain() {
    return waiting.size() >= Math.round(usual);
  }

  private Future<Void> write(List<Waiting<T, R>> batch) {
    List<Tracing.Station> spans = begin(batch);
    return write
        .apply(batch.stream().map(Waiting::item).toList())
        .onComplete(written -> spans.forEach(span -> span.end(written.cause())))
        .onSuccess(
            results -> {
              for (int i = 0; i < batch.size(); i++) {
                batch.get(i).promise.complete(results.get(i));
              }
            })
        .<Void>mapEmpty()
        .recover(
            failure -> {
              if (batch.size() == 1 || !refused.test(failure)) {
                batch.forEach(one -> one.promise.fail(failure));
                return Future.succeededFuture();
              }
              // One bad item must not fail its neighbours.
              int half = batch.size() / 2;
              return write(batch.subList(0, half))
                  .compose(done -> write(batch.subList(half, batch.size())));
            });
  }

  /** One for each item, since each is somebody's: they begin and end together, and say how many. */
  private List<Tracing.Station> begin(List<? extends Waiting<?, ?>> batch) {
    Tracing tracing = Tracing.here();
    if (!tracing.isOn()) {
      return List.of();
    }
    return batch.stream()
        .map(Waiting::trace)
        .filter(Objects::nonNull)
        .map(trace -> tracing.begin(Work.DATABASE, together, trace))
        .map(span -> span.say("db.system.name", "postgresql"))
        .map(span -> span.say("db.operation.batch.size", batch.size()))
        .toList();
  }
}
