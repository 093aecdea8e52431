package cinema.shared.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/**
 * What is logged, and where: to standard error. Written here and not as logback.xml, which takes
 * Logback a tenth of a second to read at each start; {@code -Dlogback.configurationFile} and a
 * logback-test.xml go before it.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSettings extends ContextAwareBase implements Configurator {
  private static final Map<String, Level> OTHERS =
      Map.ofEntries(
          // Each start would otherwise say a page about its configuration.
          Map.entry("com.hazelcast", Level.ERROR),
          Map.entry("org.apache.kafka", Level.ERROR),
          Map.entry("org.flywaydb", Level.WARN),
          // The front door's side of a WebSocket that was closed, cleanly or not: nobody's error.
          Map.entry("io.vertx.core.http.impl.HttpClientRequestImpl", Level.OFF),
          Map.entry("io.vertx.core.http.impl.HttpClientResponseImpl", Level.OFF),
          Map.entry("io.vertx.core.http.impl.HttpClientConnectionInternal", Level.OFF),
          // A client that breaks off while a second request of it waits, or a socket is being
          // closed, makes Vert.x 5.0.12 stumble over what is left of it, which changes nothing: any
          // client could fill the log with it.
          Map.entry("io.netty.channel.AbstractChannelHandlerContext", Level.ERROR),
          Map.entry("io.netty.util.concurrent.DefaultPromise", Level.ERROR),
          // Who comes in the moment that a service leaves is turned away, and hears so by itself.
          Map.entry("io.netty.bootstrap.ServerBootstrap", Level.ERROR),
          // Pools with the same labels share a gauge: known, and said at each start.
          Map.entry("io.micrometer.core.instrument.MeterRegistry", Level.ERROR));

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null
        || LogSettings.class.getResource("/logback-test.xml") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    LogLines lines = new LogLines();
    lines.setFormat(text("LOG_FORMAT", "text"));
    lines.setContext(context);
    lines.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(lines);
    console.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    context.getLogger("cinema").setLevel(Level.toLevel(text("LOG_LEVEL", "INFO"), Level.INFO));
    OTHERS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** As Logback reads it: a system property goes before the environment. */
  private static String text(String name, String otherwise) {
    String value = System.getProperty(name, System.getenv(name));
    return value == null || value.isBlank() ? otherwise : value;
  }
}
