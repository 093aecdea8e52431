package cinema.shared.service;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends spans, and says once when that fails and once when it works again. */
final class QuietExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(QuietExporter.class);

  /** Says each failure, past our log, to standard error. Held here, or it would be forgotten. */
  private static final java.util.logging.Logger NOISY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final SpanExporter exporter;
  private final String endpoint;
  private volatile boolean works = true;

  QuietExporter(SpanExporter exporter, String endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
    NOISY.setLevel(Level.OFF);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode sent = exporter.export(spans);
    return sent.whenComplete(() -> said(sent.isSuccess()));
  }

  private void said(boolean success) {
    if (works && !success) {
      LOG.warn("no spans reach {}: they are dropped until they do", endpoint);
    } else if (!works && success) {
      LOG.info("spans reach {} again", endpoint);
    }
    works = success;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
