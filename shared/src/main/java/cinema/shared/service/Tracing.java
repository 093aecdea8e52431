package cinema.shared.service;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.function.Supplier;

/**
 * Spans of what is done for a request, where somebody collects them ({@link CollectedTracing});
 * where nobody does, nothing.
 */
public interface Tracing {
  /** Where nobody collects. */
  Tracing OFF = new NotCollected();

  /** What kind of work a span is, as OpenTelemetry tells them apart. */
  enum Work {
    HERE,
    DATABASE,
    PUBLISH,
    PROCESS
  }

  /** Work that has begun and will end. */
  interface Station {
    /** A span of nothing. */
    Station NONE =
        new Station() {
          @Override
          public Trace or(Trace otherwise) {
            return otherwise;
          }

          @Override
          public Station say(String what, String value) {
            return this;
          }

          @Override
          public Station say(String what, long value) {
            return this;
          }

          @Override
          public void end(Throwable failure) {}
        };

    /**
     * What goes on from this span belongs to this trace.
     *
     * @param otherwise when there is no span
     */
    Trace or(Trace otherwise);

    Station say(String what, String value);

    Station say(String what, long value);

    /**
     * @param failure null when it went well
     */
    void end(Throwable failure);
  }

  /** Lets the Vert.x to be built collect, when the settings say where. */
  static VertxBuilder into(VertxBuilder builder, Settings settings) {
    return CollectorSettings.of(settings)
        .map(
            collector -> {
              CollectedTracing collected = new CollectedTracing(collector);
              return builder.withTracer(options -> collected);
            })
        .orElse(builder);
  }

  static Tracing of(Vertx vertx) {
    return ((VertxInternal) vertx).tracer() instanceof Tracing collected ? collected : OFF;
  }

  /** Of the Vert.x that runs this; off where none does. */
  static Tracing here() {
    ContextInternal context = ContextInternal.current();
    return context != null && context.tracer() instanceof Tracing collected ? collected : OFF;
  }

  /** The trace of a request that has come in: its span's, or what its headers say. */
  static Trace traceOf(HttpServerRequest request) {
    String correlationId = request.getHeader("x-correlation-id");
    Trace current = here().current();
    return current == null
        ? Trace.of(request.getHeader("traceparent"), correlationId)
        : current.correlatedBy(correlationId);
  }

  boolean isOn();

  /**
   * The trace of the request that is being dealt with.
   *
   * @return null for none, and where nobody collects
   */
  Trace current();

  /** The same, with the correlation id of this one, which is taken when there is none. */
  default Trace current(Trace otherwise) {
    Trace current = current();
    return current == null ? otherwise : current.correlatedBy(otherwise.correlationId());
  }

  Station begin(Work work, String name, Trace parent);

  /** Does what is for many requests, or for none, so that it counts for none of them. */
  <T> T apart(Supplier<T> work);

  /** One whose listeners go on with the request that is being dealt with now. */
  <T> Promise<T> promise();

  /** Where nobody collects: costs nothing and loads no class. */
  final class NotCollected implements Tracing {
    private NotCollected() {}

    @Override
    public boolean isOn() {
      return false;
    }

    @Override
    public Trace current() {
      return null;
    }

    @Override
    public Station begin(Work work, String name, Trace parent) {
      return Station.NONE;
    }

    @Override
    public <T> T apart(Supplier<T> work) {
      return work.get();
    }

    @Override
    public <T> Promise<T> promise() {
      return Promise.promise();
    }
  }
}
