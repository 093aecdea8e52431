package cinema.shared.service;

import static io.opentelemetry.api.trace.SpanKind.CLIENT;
import static io.opentelemetry.api.trace.SpanKind.CONSUMER;
import static io.opentelemetry.api.trace.SpanKind.INTERNAL;
import static io.opentelemetry.api.trace.SpanKind.PRODUCER;
import static io.opentelemetry.api.trace.SpanKind.SERVER;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Spans for a collector that speaks OTLP over HTTP: those that Vert.x begins by itself for
 * requests, messages and statements, and our own. The only class that knows OpenTelemetry, and
 * loaded only where there is a collector (decision 0017).
 */
final class CollectedTracing implements Tracing, VertxTracer<Span, Span> {
  /** Spans that wait to be sent; more than that are dropped. */
  private static final int MOST_WAITING = 8192;

  private static final Duration SEND_EVERY = Duration.ofMillis(500);
  private static final Duration SEND_WITHIN = Duration.ofSeconds(5);
  private static final int STOP_SECONDS = 2;

  /** Of a text in a span, in characters. */
  private static final int LONGEST_TEXT = 1024;

  /** The span of the request that a context deals with. */
  private static final ContextLocal<Span> CURRENT = ContextLocal.registerLocal(Span.class);

  /** What a span without a parent is begun in. */
  private static final io.opentelemetry.context.Context NOWHERE =
      io.opentelemetry.context.Context.root();

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  CollectedTracing(CollectorSettings settings) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(settings.endpoint()).setTimeout(SEND_WITHIN);
    settings.headers().forEach(exporter::addHeader);
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.builder()
                        .put("service.namespace", "intermission")
                        .put("service.name", settings.name())
                        .put("service.instance.id", Ids.next().toString())
                        .build()))
            .setSampler(sampler(settings.sampling()))
            .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_TEXT).build())
            .addSpanProcessor(
                BatchSpanProcessor.builder(new QuietExporter(exporter.build(), settings.endpoint()))
                    .setMaxQueueSize(MOST_WAITING)
                    .setScheduleDelay(SEND_EVERY)
                    .setExporterTimeout(SEND_WITHIN)
                    .build())
            .build();
    this.tracer = provider.get("cinema");
  }

  private static Sampler sampler(CollectorSettings.Sampling sampling) {
    Sampler begun = Sampler.traceIdRatioBased(sampling.ratio());
    return sampling.asParentSays() ? Sampler.parentBased(begun) : begun;
  }

  /** What is not sent by then is lost. */
  @Override
  public void close() {
    provider.shutdown().join(STOP_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public Trace current() {
    ContextInternal context = ContextInternal.current();
    Span span = context == null ? null : current(context);
    return span == null ? null : traceOf(span);
  }

  private static Span current(Context context) {
    return CURRENT.get(context, AccessMode.CONCURRENT);
  }

  private static Trace traceOf(Span span) {
    SpanContext ids = span.getSpanContext();
    return new Trace(ids.getTraceId(), ids.getSpanId(), ids.getTraceId(), ids.isSampled());
  }

  @Override
  public Tracing.Station begin(Work work, String name, Trace parent) {
    SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind(work));
    return new Begun(builder.setParent(parentIn(parent)).startSpan(), parent.correlationId());
  }

  private static io.opentelemetry.context.Context parentIn(Trace trace) {
    SpanContext ids =
        SpanContext.createFromRemoteParent(
            trace.traceId(),
            trace.spanId(),
            trace.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
            TraceState.getDefault());
    return Span.wrap(ids).storeInContext(NOWHERE);
  }

  private static io.opentelemetry.api.trace.SpanKind kind(Work work) {
    return switch (work) {
      case HERE -> INTERNAL;
      case DATABASE -> CLIENT;
      case PUBLISH -> PRODUCER;
      case PROCESS -> CONSUMER;
    };
  }

  /** One of our own. */
  private record Begun(Span span, String correlationId) implements Tracing.Station {
    @Override
    public Trace or(Trace otherwise) {
      return traceOf(span).correlatedBy(correlationId);
    }

    @Override
    public Tracing.Station say(String what, String value) {
      span.setAttribute(what, value);
      return this;
    }

    @Override
    public Tracing.Station say(String what, long value) {
      span.setAttribute(what, value);
      return this;
    }

    @Override
    public void end(Throwable failure) {
      CollectedTracing.end(span, failure);
    }
  }

  /** Never with the failure's message, in which there may be what a customer has said. */
  private static void end(Span span, Throwable failure) {
    if (failure != null) {
      span.setStatus(StatusCode.ERROR).setAttribute("error.type", failure.getClass().getName());
    }
    span.end();
  }

  @Override
  public <T> T apart(Supplier<T> work) {
    ContextInternal context = ContextInternal.current();
    if (context == null) {
      return work.get();
    }
    ContextInternal apart = context.unwrap().duplicate();
    ContextInternal before = apart.beginDispatch();
    try {
      return work.get();
    } finally {
      apart.endDispatch(before);
    }
  }

  @Override
  public <T> Promise<T> promise() {
    ContextInternal context = ContextInternal.current();
    return context == null ? Promise.promise() : context.promise();
  }

  @Override
  public <R> Span receiveRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      Iterable<Map.Entry<String, String>> headers,
      TagExtractor<R> tags) {
    String traceparent = null;
    boolean becomesSocket = false;
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase("traceparent")) {
        traceparent = header.getValue();
      }
      becomesSocket |= HttpHeaders.UPGRADE.toString().equalsIgnoreCase(header.getKey());
    }
    Trace parent = Trace.readable(traceparent);
    boolean wanted = policy == TracingPolicy.ALWAYS || parent != null;
    // How a service is, is asked for all the time; and a socket's life is no request.
    if (policy == TracingPolicy.IGNORE || !wanted || becomesSocket || isForOperators(request)) {
      return null;
    }
    SpanBuilder builder =
        describe(operation, kind == SpanKind.RPC ? SERVER : CONSUMER, request, tags);
    Span span = builder.setParent(parent == null ? NOWHERE : parentIn(parent)).startSpan();
    CURRENT.put(context, AccessMode.CONCURRENT, span);
    return span;
  }

  private static boolean isForOperators(Object request) {
    return request instanceof HttpRequest http
        && (http.uri().startsWith("/health") || http.uri().startsWith("/metrics"));
  }

  /** With what tells requests apart, and no query: there may be a ticket in it. */
  private <R> SpanBuilder describe(
      String operation, io.opentelemetry.api.trace.SpanKind kind, R request, TagExtractor<R> tags) {
    SpanBuilder span = tracer.spanBuilder(operation).setSpanKind(kind);
    switch (request) {
      case HttpRequest http -> {
        String uri = http.uri();
        int query = uri.indexOf('?');
        span.setAttribute("http.request.method", http.method().name())
            .setAttribute("url.path", query < 0 ? uri : uri.substring(0, query));
      }
      case Message<?> message ->
          span.setAttribute("messaging.system", "vertx-eventbus")
              .setAttribute("messaging.destination.name", message.address());
      default -> tags.extractTo(request, (name, value) -> setDatabase(span, name, value));
    }
    return span;
  }

  private static void setDatabase(SpanBuilder span, String name, String value) {
    switch (name) {
      // Placeholders stand where the values are.
      case "db.query.text", "db.namespace" -> span.setAttribute(name, value);
      case "db.system" -> span.setAttribute("db.system.name", value);
      default -> {}
    }
  }

  @Override
  public <R> void sendResponse(
      Context context, R response, Span span, Throwable failure, TagExtractor<R> tags) {
    receiveResponse(context, response, span, failure, tags);
  }

  @Override
  public <R> Span sendRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      BiConsumer<String, String> headers,
      TagExtractor<R> tags) {
    Span parent = current(context);
    if (policy == TracingPolicy.IGNORE || parent == null || request == null) {
      return null;
    }
    SpanBuilder builder =
        describe(operation, kind == SpanKind.RPC ? CLIENT : PRODUCER, request, tags);
    Span span = builder.setParent(parent.storeInContext(NOWHERE)).startSpan();
    headers.accept("traceparent", traceOf(span).traceparent());
    return span;
  }

  @Override
  public <R> void receiveResponse(
      Context context, R response, Span span, Throwable failure, TagExtractor<R> tags) {
    if (span == null) {
      return;
    }
    if (response instanceof HttpResponse http) {
      span.setAttribute(AttributeKey.longKey("http.response.status_code"), http.statusCode());
      if (http.statusCode() >= 500) {
        span.setStatus(StatusCode.ERROR);
      }
    }
    end(span, failure);
  }
}
