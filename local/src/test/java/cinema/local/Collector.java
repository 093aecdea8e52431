package cinema.local;

import static cinema.shared.testing.Bench.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Takes spans by OTLP over HTTP, as a collector does, and keeps them. */
final class Collector implements AutoCloseable {
  /**
   * A span that has come.
   *
   * @param parentId empty for one that begins its trace
   */
  record Taken(
      String traceId,
      String spanId,
      String parentId,
      String name,
      String kind,
      boolean failed,
      Map<String, String> said) {
    boolean says(String what, String value) {
      return value.equals(said.get(what));
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final int port;

  Collector() {
    this.port =
        await(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"))
            .actualPort();
  }

  /** For {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  List<Taken> all() {
    return List.copyOf(taken);
  }

  List<Taken> of(String traceId) {
    return taken.stream().filter(span -> span.traceId.equals(traceId)).toList();
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              boolean zipped = "gzip".equals(request.getHeader("content-encoding"));
              read(zipped ? unzipped(body) : body.getBytes());
              request.response().putHeader("content-type", "application/x-protobuf").end();
            });
  }

  private static byte[] unzipped(Buffer body) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(byte[] body) {
    ExportTraceServiceRequest sent;
    try {
      sent = ExportTraceServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
    sent.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> taken.add(read(span)));
  }

  private static Taken read(Span span) {
    HexFormat hex = HexFormat.of();
    return new Taken(
        hex.formatHex(span.getTraceId().toByteArray()),
        hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()),
        span.getName(),
        span.getKind().name().replace("SPAN_KIND_", ""),
        span.getStatus().getCodeValue() == 2,
        span.getAttributesList().stream()
            .collect(Collectors.toMap(KeyValue::getKey, said -> text(said.getValue()))));
  }

  private static String text(AnyValue value) {
    return value.hasStringValue() ? value.getStringValue() : Long.toString(value.getIntValue());
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
