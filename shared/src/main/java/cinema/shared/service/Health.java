package cinema.shared.service;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /health/started}, {@code /health/live} (shallow: a failing database is no reason to
 * restart a process) and {@code /health/ready}.
 */
public final class Health {
  private static final int CHECK_MILLIS = 2000;

  /**
   * How long a start waits for what it can do its work without. What is there comes within a
   * moment; where a killed process is still missed, its place is free only after six seconds.
   */
  private static final int LONGEST_WAIT_MILLIS = 1000;

  private final Vertx vertx;
  private final HealthChecks ready;
  private boolean draining;

  Health(Vertx vertx) {
    this.vertx = vertx;
    this.ready = HealthChecks.create(vertx);
    readyWhen("not draining", () -> Future.succeededFuture(!draining));
  }

  /** From now on it is not ready, for good: others are to do its work. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Adds a condition for being ready; a failed future or false says no. */
  public Health readyWhen(String name, Supplier<Future<Boolean>> condition) {
    ready.register(name, CHECK_MILLIS, promise -> check(condition, promise));
    return this;
  }

  /**
   * Adds a condition that a start waits for, a second at most, and that counts for nothing
   * afterwards: what is lost while it runs is no reason to send its customers elsewhere, where the
   * same is missing.
   */
  public Health readyOnce(String name, BooleanSupplier condition) {
    boolean[] met = new boolean[1];
    vertx.setTimer(LONGEST_WAIT_MILLIS, late -> met[0] = true);
    return readyWhen(
        name,
        () -> {
          met[0] |= condition.getAsBoolean();
          return Future.succeededFuture(met[0]);
        });
  }

  /** Adds a detail that operators see; it says nothing about being ready. */
  public Health tell(String name, Supplier<JsonObject> detail) {
    ready.register(name, CHECK_MILLIS, promise -> promise.complete(Status.OK(detail.get())));
    return this;
  }

  private static void check(Supplier<Future<Boolean>> condition, Promise<Status> promise) {
    condition
        .get()
        .onSuccess(yes -> promise.tryComplete(yes ? Status.OK() : Status.KO()))
        .onFailure(failure -> promise.tryComplete(Status.KO()));
  }

  Future<Boolean> isReady() {
    return ready.checkStatus().map(CheckResult::getUp);
  }

  void mount(Router router) {
    router.get("/health/started").handler(context -> answer(context, true, "{\"status\":\"UP\"}"));
    router.get("/health/live").handler(context -> answer(context, true, "{\"status\":\"UP\"}"));
    router
        .get("/health/ready")
        .handler(
            context ->
                ready
                    .checkStatus()
                    .onSuccess(result -> answer(context, result.getUp(), result.toJson().encode()))
                    .onFailure(context::fail));
  }

  private static void answer(RoutingContext context, boolean up, String json) {
    context
        .response()
        .setStatusCode(up ? 200 : 503)
        .putHeader("content-type", "application/json")
        .end(json);
  }
}
