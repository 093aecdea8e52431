package cinema.chaos;

import java.util.ArrayList;
import java.util.List;

/** What a fault befalls. */
sealed interface Target {
  List<String> SERVICES = List.of("order", "snackbar", "alarm", "view");
  int REPLICAS_EACH = 2;

  Server FRONT_DOOR = new Server("front-door");
  Server POSTGRES = new Server("postgres");
  Server KAFKA = new Server("kafka");

  /** As people and logs call it, such as {@code order-1} or {@code front-door→view-2}. */
  String name();

  /** One process of a service; replicas are counted from 1. */
  record Replica(String service, int number) implements Target {
    @Override
    public String name() {
      return service + "-" + number;
    }
  }

  /** All processes of a service together. */
  record Pair(String service) implements Target {
    @Override
    public String name() {
      return service;
    }
  }

  /** What there is one of: the front door, PostgreSQL, Kafka. */
  record Server(String name) implements Target {}

  /**
   * All connections from one process to another.
   *
   * @param to a process, or {@code cluster}: the event bus and Hazelcast
   */
  record Link(String from, String to) implements Target {
    @Override
    public String name() {
      return from + "→" + to;
    }
  }

  static List<Target> replicas() {
    List<Target> replicas = new ArrayList<>();
    for (String service : SERVICES) {
      for (int number = 1; number <= REPLICAS_EACH; number++) {
        replicas.add(new Replica(service, number));
      }
    }
    return replicas;
  }

  static List<Target> pairs() {
    return SERVICES.stream().<Target>map(Pair::new).toList();
  }

  static List<Target> links() {
    List<Target> links = new ArrayList<>();
    for (Target replica : replicas()) {
      links.add(new Link(replica.name(), POSTGRES.name()));
      links.add(new Link(replica.name(), KAFKA.name()));
      links.add(new Link(FRONT_DOOR.name(), replica.name()));
      links.add(new Link(replica.name(), "cluster"));
    }
    return links;
  }
}
