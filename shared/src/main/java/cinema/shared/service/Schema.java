package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;

/**
 * A service's tables, brought up to date by Flyway on a thread of its own: a process does that
 * while it joins the cluster, and is ready the sooner.
 */
public final class Schema {
  private final Settings settings;
  private final CompletableFuture<Void> upToDate;

  private Schema(Settings settings, CompletableFuture<Void> upToDate) {
    this.settings = settings;
    this.upToDate = upToDate;
  }

  /**
   * Begins at once; {@link #open} tells what has become of it.
   *
   * @param migrations where the service keeps its {@code V1__….sql} on the class path
   */
  public static Schema bringUpToDate(Settings settings, String migrations) {
    CompletableFuture<Void> upToDate = new CompletableFuture<>();
    Runnable migrate =
        () -> {
          try {
            migrate(settings, migrations);
            upToDate.complete(null);
          } catch (Throwable failure) {
            upToDate.completeExceptionally(failure);
          }
        };
    Thread.ofPlatform().daemon().name("schema-" + settings.service()).start(migrate);
    return new Schema(settings, upToDate);
  }

  /** Opens it once it is up to date; fails with the reason why it is not. */
  public Future<Database> open(Vertx vertx) {
    return Future.fromCompletionStage(upToDate, vertx.getOrCreateContext())
        .compose(done -> Database.connect(vertx, settings));
  }

  private static void migrate(Settings settings, String migrations) {
    PgConnectOptions url = Database.options(settings);
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(
            "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + "/" + url.getDatabase(),
            url.getUser(),
            url.getPassword())
        .schemas(settings.schema())
        .locations("classpath:" + migrations)
        .connectRetries(10)
        .connectRetriesInterval(1)
        .load()
        .migrate();
  }
}
