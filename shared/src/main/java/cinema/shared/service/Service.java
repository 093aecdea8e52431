package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code main} of every service: join the cluster, deploy, and leave in order on SIGTERM. */
public final class Service {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  /** The time to drain, and this long for what is in hand and for leaving in order. */
  private static final int STOP_SECONDS = 40;

  private static volatile boolean left;

  private Service() {}

  /** Runs one verticle as a process of its own; a failed start ends the process with status 1. */
  public static void run(String name, Function<Settings, VerticleBase> verticle) {
    LogLines.writeAs(name);
    Settings settings = Settings.of(name, System.getenv());
    if (settings.stopWithParent()) {
      stopWithParent();
    }
    Future.<Void>succeededFuture()
        .compose(
            begun -> {
              // Made before: what needs no cluster begins while this process joins it.
              VerticleBase made = verticle.apply(settings);
              return Cluster.join(settings)
                  .compose(
                      vertx -> {
                        stopOnSignal(vertx, settings);
                        return vertx.deployVerticle(made);
                      });
            })
        .onFailure(
            failure -> {
              LOG.error("{} cannot start: {}", name, reason(failure));
              // A thread of its own: the shutdown hook waits for the event loop that we are on.
              new Thread(() -> System.exit(1), "exit").start();
            });
  }

  /** Closes this in order when the process is asked to end. */
  public static void stopOnSignal(Vertx vertx, Settings settings) {
    Duration longest = settings.drainTime().plusSeconds(STOP_SECONDS);
    Runnable stop =
        () -> {
          try {
            vertx
                .close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(longest.toMillis(), TimeUnit.MILLISECONDS);
          } catch (Exception e) {
            LOG.warn("stopped before everything was closed: {}", reason(e));
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop"));
  }

  /**
   * Ends this process in order once its standard input ends, as it does when its parent is gone.
   */
  public static void stopWithParent() {
    Runnable wait =
        () -> {
          try {
            while (System.in.read() >= 0) {}
          } catch (IOException e) {
            LOG.debug("standard input ended: {}", e.toString());
          }
          left = true;
          System.exit(0);
        };
    Thread.ofPlatform().daemon().name("parent").start(wait);
  }

  /** Whether whoever has started this process is gone: then nobody waits for what it does. */
  static boolean hasBeenLeft() {
    return left;
  }

  /** One line that says what is wrong, for people. */
  public static String reason(Throwable failure) {
    Throwable said = failure;
    while (said.getCause() != null
        && (said instanceof ExecutionException
            || said instanceof CompletionException
            || said.getMessage() == null)) {
      said = said.getCause();
    }
    String message = said.getMessage();
    return message == null
        ? said.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }
}
