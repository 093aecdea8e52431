package cinema.chaos;

import cinema.servers.FaultyLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The network of a {@code ./run cluster}: between any two of its processes there can lie a link
 * that can be made faulty. The cluster is told of it by its environment alone.
 */
final class Wires implements AutoCloseable {
  /** How many ports from the first one on the cluster and its wires take. */
  static final int PORTS = 180;

  private static final String LOCAL = "127.0.0.1:";
  private static final int POSTGRES = 10;
  private static final int KAFKA = 11;

  private final int port;
  private final Set<Target> wired;
  private final Map<String, List<FaultyLink>> links = new HashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();

  /** Port of each replica as the front door is to see it, by the replica's name. */
  private final Map<String, Integer> doors = new HashMap<>();

  /**
   * @param port the front door's; the rest follows it as in {@code ./run}
   * @param wired what there are links for; the rest is connected directly, which costs less
   */
  Wires(int port, Set<Target> wired) {
    this.port = port;
    this.wired = Set.copyOf(wired);
    List<String> members = new ArrayList<>();
    List<String> listeners = new ArrayList<>();
    int nth = 0;
    for (int service = 0; service < Target.SERVICES.size(); service++) {
      for (int replica = 1; replica <= Target.REPLICAS_EACH; replica++) {
        nth++;
        String name = Target.SERVICES.get(service) + "-" + replica;
        int offset = 10 * service + replica;
        int broker = port + 110 + nth;
        Target.Link toKafka = new Target.Link(name, "kafka");
        if (wired.contains(toKafka)) {
          int bootstrap = way(toKafka, 120 + nth, broker);
          listeners.add(broker + ":" + bootstrap);
          set(name, "KAFKA_BOOTSTRAP", LOCAL + bootstrap);
        }
        int database = way(new Target.Link(name, "postgres"), 100 + nth, port + POSTGRES);
        set(name, "POSTGRES_URL", "postgresql://postgres@" + LOCAL + database + "/postgres");
        doors.put(name, way(new Target.Link("front-door", name), 130 + nth, port + 20 + offset));
        Target.Link toCluster = new Target.Link(name, "cluster");
        int member = way(toCluster, 140 + nth, port + 60 + offset);
        set(name, "CLUSTER_PUBLIC", LOCAL + member);
        members.add(LOCAL + member);
        set(name, "EVENT_BUS_PORT", Integer.toString(port + 150 + nth));
        int bus = way(toCluster, 160 + nth, port + 150 + nth);
        set(name, "EVENT_BUS_PUBLIC_PORT", Integer.toString(bus));
      }
    }
    environment.put("CLUSTER_MEMBERS", String.join(",", members));
    if (!listeners.isEmpty()) {
      environment.put("KAFKA_LISTENERS", String.join(",", listeners));
    }
  }

  /**
   * @return the port that leads to the target
   */
  private int way(Target.Link name, int offset, int targetPort) {
    if (!wired.contains(name)) {
      return targetPort;
    }
    FaultyLink link = FaultyLink.listen(port + offset, targetPort);
    link.awaitServer();
    links.computeIfAbsent(name.name(), first -> new ArrayList<>()).add(link);
    return link.port();
  }

  private void set(String process, String variable, String value) {
    environment.put(process.toUpperCase().replace('-', '_') + "__" + variable, value);
  }

  /** What the cluster's environment says of this network. */
  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** The port by which the front door reaches a replica. */
  int door(String replica) {
    return doors.get(replica);
  }

  int kafkaPort() {
    return port + KAFKA;
  }

  /** The connections that a fault on this target befalls: one link, or two to the cluster. */
  List<FaultyLink> of(Target.Link target) {
    return links.get(target.name());
  }

  @Override
  public void close() {
    links.values().forEach(each -> each.forEach(FaultyLink::close));
  }
}
