package cinema.local;

import cinema.local.ReadyCheck.Reply;
import cinema.shared.contract.Routes.Service;
import cinema.shared.contract.Wire;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that answer for each service, and which of them are ready just now. All calls on
 * one event loop.
 */
final class Replicas {
  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
  private static final int READ_MILLIS = 100;
  private static final int CHECK_MILLIS = 100;

  /** One that is ready is asked in every fifth round only. */
  private static final int READY_ROUNDS = 5;

  /** One answer that is late or bad may be chance; a refused connection is none. */
  private static final int MOST_MISSES = 2;

  /** One process. */
  static final class Replica {
    private final ProcessList.Entry entry;
    private Reply state = Reply.NOT_READY;
    private boolean checking;
    private int misses;

    private Replica(ProcessList.Entry entry) {
      this.entry = entry;
    }

    int port() {
      return entry.port();
    }
  }

  private final Map<Service, List<Replica>> all = new EnumMap<>(Service.class);
  private final Map<Service, Integer> turns = new EnumMap<>(Service.class);
  private String listed = "";
  private int round;
  private boolean only;

  private Replicas() {
    for (Service service : Service.values()) {
      all.put(service, new ArrayList<>());
    }
  }

  /** One process for all services: where else should a request go? */
  static Replicas inThisProcess(Place place) {
    Replicas replicas = new Replicas();
    replicas.only = true;
    for (Service service : Service.values()) {
      String name = Place.name(service);
      var entry = new ProcessList.Entry(name, name, 0, place.portOf(service));
      Replica replica = new Replica(entry);
      replica.state = Reply.READY;
      replicas.all.get(service).add(replica);
    }
    return replicas;
  }

  /** Those that a list of processes names, as it changes, each asked again and again. */
  static Replicas following(Vertx vertx, Path processes) {
    Replicas replicas = new Replicas();
    ReadyCheck check = new ReadyCheck(vertx);
    vertx.setPeriodic(
        0,
        READ_MILLIS,
        timer ->
            vertx
                .fileSystem()
                .readFile(processes.toString())
                .onSuccess(text -> replicas.follow(text.toString()))
                // Before the first of them runs there is no list.
                .onFailure(failure -> LOG.debug("no list: {}", failure.toString())));
    vertx.setPeriodic(CHECK_MILLIS, timer -> replicas.check(check));
    return replicas;
  }

  private void follow(String text) {
    if (text.equals(listed)) {
      return;
    }
    List<ProcessList.Entry> entries;
    try {
      entries = ProcessList.read(text).entries();
    } catch (Wire.Unreadable e) {
      LOG.warn("the list of processes cannot be read: {}", e.getMessage());
      return;
    }
    listed = text;
    for (Service service : Service.values()) {
      List<Replica> known = all.get(service);
      known.removeIf(replica -> !entries.contains(replica.entry));
      Set<ProcessList.Entry> present =
          Set.copyOf(known.stream().map(replica -> replica.entry).toList());
      entries.stream()
          .filter(entry -> entry.service().equals(Place.name(service)))
          .filter(entry -> !present.contains(entry))
          .forEach(entry -> known.add(new Replica(entry)));
    }
  }

  private void check(ReadyCheck check) {
    round++;
    for (List<Replica> replicas : all.values()) {
      for (Replica replica : replicas) {
        boolean due =
            replica.state != Reply.READY || replica.misses > 0 || round % READY_ROUNDS == 0;
        if (due && !replica.checking) {
          replica.checking = true;
          check.ask(replica.port()).onSuccess(reply -> checked(replica, reply));
        }
      }
    }
  }

  private void checked(Replica replica, Reply reply) {
    replica.checking = false;
    replica.misses = reply == Reply.READY ? 0 : replica.misses + 1;
    boolean chance = replica.state == Reply.READY && replica.misses < MOST_MISSES;
    // Silence says nothing new of one that was not ready before.
    boolean known = replica.state == Reply.NOT_READY && reply == Reply.NONE;
    if (!chance && !known) {
      become(replica, reply);
    }
  }

  private static void become(Replica replica, Reply state) {
    if (state != replica.state) {
      LOG.info(
          "{} {}",
          replica.entry.name(),
          switch (state) {
            case READY -> "is ready";
            case NOT_READY -> "is not ready";
            case NONE -> "does not say whether it is ready";
          });
    }
    replica.state = state;
  }

  /**
   * It takes no connections, or is leaving: nothing more goes there until it has said that it is
   * ready.
   */
  void notReady(Replica replica) {
    if (!only) {
      replica.misses = MOST_MISSES;
      become(replica, Reply.NOT_READY);
    }
  }

  /**
   * A ready process of this service, each in turn. When none is, one that has only been too slow to
   * say so: a machine that has stalled for a moment is no reason to turn everybody away.
   *
   * @param tried not one of these
   * @return null when there is none
   */
  Replica next(Service service, Set<Replica> tried) {
    List<Replica> willing = in(service, Reply.READY, tried);
    if (willing.isEmpty()) {
      willing = in(service, Reply.NONE, tried);
    }
    return willing.isEmpty()
        ? null
        : willing.get(
            turns.merge(service, 1, (turn, one) -> (turn + one) % 1_000_000) % willing.size());
  }

  private List<Replica> in(Service service, Reply state, Set<Replica> tried) {
    return all.get(service).stream()
        .filter(replica -> replica.state == state && !tried.contains(replica))
        .toList();
  }
}
