package cinema.shared.service;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.micrometer.VertxPrometheusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/**
 * Joins the Hazelcast cluster that carries the event bus inside one deployment. Nothing whose loss
 * would matter is kept in it.
 */
public final class Cluster {
  /**
   * What members send each other, and what a failure consists of: a member that cannot read that
   * another could not do something waits for its answer until a timeout, 10 to 20 s.
   */
  private static final List<String> NEEDED =
      List.of(
          "com.hazelcast.",
          "io.vertx.spi.cluster.hazelcast.impl.",
          "java.lang.",
          "[Ljava.lang.StackTraceElement;",
          "[B",
          "java.util.ArrayList",
          "java.util.Collections$",
          "java.util.ConcurrentModificationException",
          "java.util.NoSuchElementException",
          "java.util.concurrent.",
          "java.io.");

  /** Where vertx-hazelcast keeps who answers at which address. */
  static final String SUBSCRIPTIONS = "__vertx.subs";

  /** The attribute by which Hazelcast's member is Vert.x's node. */
  static final String NODE_ID = "__vertx.nodeId";

  private Cluster() {}

  /** Completes when this process is a member. */
  public static Future<Vertx> join(Settings settings) {
    ClusterSettings own = ClusterSettings.of(settings);
    System.setProperty("hazelcast.logging.type", "slf4j");
    // Nobody records them, and to set them up holds an event loop for a quarter of a second.
    System.setProperty("io.netty.jfr.enabled", "false");
    // Hazelcast asks it something on its way into the cluster; to set it up takes longer than that.
    Thread.ofPlatform().daemon().name("jmx").start(ManagementFactory::getPlatformMBeanServer);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(Metrics.ONLY_KNOWN_METHODS);
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setPrometheusOptions(new VertxPrometheusOptions().setEnabled(true))
            .setJvmMetricsEnabled(true)
            .setEnabled(true);
    EventBusOptions eventBus =
        new EventBusOptions()
            .setHost(own.host())
            .setConnectTimeout(1000)
            .setClusterPingInterval(2000)
            .setClusterPingReplyInterval(2000)
            .setPort(own.eventBusPort());
    if (own.eventBusPublicPort() > 0) {
      eventBus.setClusterPublicPort(own.eventBusPublicPort());
    }
    own.tls().ifPresent(folder -> secure(eventBus, folder));
    VertxOptions options =
        new VertxOptions()
            // Twice as many by default, which then wait for each other's turn (decision 19).
            .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
            .setEventBusOptions(eventBus)
            .setMetricsOptions(metrics);
    return Tracing.into(Vertx.builder(), settings)
        .with(options)
        .withMetrics(new MicrometerMetricsFactory(registry))
        .withClusterManager(new HazelcastClusterManager(hazelcast(own)))
        .buildClustered()
        .onSuccess(vertx -> new Addresses(vertx).mend());
  }

  /** Both sides show a certificate of the same authority. */
  private static void secure(EventBusOptions eventBus, Path folder) {
    eventBus
        .setSsl(true)
        .setClientAuth(ClientAuth.REQUIRED)
        // Or whoever is asked is believed to be who they say: Vert.x's default on the event bus.
        .setTrustAll(false)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(folder.resolve("tls.crt").toString())
                .setKeyPath(folder.resolve("tls.key").toString()))
        .setTrustOptions(new PemTrustOptions().addCertPath(folder.resolve("ca.crt").toString()));
  }

  /**
   * What a member sends is made into objects here, and with some classes that alone does harm: so
   * only those may come that Hazelcast and Vert.x send each other.
   */
  private static JavaSerializationFilterConfig onlyOurs() {
    ClassFilter needed = new ClassFilter().addPrefixes(NEEDED.toArray(String[]::new));
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(needed);
  }

  /** Timings measured for a join of about a second and a dead member noticed in less. */
  private static Config hazelcast(ClusterSettings settings) {
    Config config = new Config();
    // As in vertx-hazelcast's own default-cluster.xml, without reading XML at each start.
    config.addMultiMapConfig(
        new MultiMapConfig(SUBSCRIPTIONS)
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    config.getMetricsConfig().setEnabled(false);
    config
        .setClusterName("intermission")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        // A killed member is missed at once, by its connections. One that only stops for a while
        // comes back as it was; given up, it would have to join anew, which takes 10 s.
        .setProperty("hazelcast.max.no.heartbeat.seconds", "15")
        // Far more than it takes, unless everything starts at once on a small machine.
        .setProperty("hazelcast.max.join.seconds", "40")
        // A few subscriptions are all that is kept: moving 271 partitions at each start costs more.
        .setProperty("hazelcast.partition.count", "31")
        .setProperty("hazelcast.wait.seconds.before.join", "0")
        // When all leave at once nobody is there to hand partitions to.
        .setProperty("hazelcast.graceful.shutdown.max.wait", "3")
        .setProperty("hazelcast.tcp.join.port.try.count", "3")
        .setProperty("hazelcast.operation.call.timeout.millis", "10000")
        // Whatever asks a partition that is just moving asks again: a cancel waits half a second.
        .setProperty("hazelcast.invocation.retry.pause.millis", "20")
        .setProperty("hazelcast.merge.first.run.delay.seconds", "2")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "2");
    config.getSerializationConfig().setJavaSerializationFilterConfig(onlyOurs());
    NetworkConfig network = config.getNetworkConfig();
    String publicAddress = settings.publicAddress().isEmpty() ? null : settings.publicAddress();
    network.setPublicAddress(publicAddress).setPort(settings.port()).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface(settings.host());
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    if (!settings.dns().isEmpty()) {
      // Of a name in the list of members Hazelcast uses one address, and here only its own.
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", settings.dns())
          .setProperty("service-port", Integer.toString(settings.port()));
      // So long it looks for others before it is the first; without any time it does not look.
      config.setProperty("hazelcast.wait.seconds.before.join", "1");
      return config;
    }
    join.getTcpIpConfig()
        .setEnabled(true)
        .setMembers(settings.members())
        // So long do members that start at the same time ask each other who is the first, before
        // one of them claims it.
        .setConnectionTimeoutSeconds(1);
    return config;
  }
}
