package cinema.shared.service;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.multimap.MultiMap;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster knows of who answers at which address of the event bus: repaired where it names
 * members that are gone, and left before a member goes.
 */
public final class Addresses {
  private static final Logger LOG = LoggerFactory.getLogger(Addresses.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final VertxInternal vertx;
  private Set<Entry> suspects = Set.of();

  /** Somebody who answers, as vertx-hazelcast keeps it. */
  private record Entry(String address, HazelcastRegistrationInfo registration) {
    String nodeId() {
      return registration.unwrap().nodeId();
    }
  }

  public Addresses(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  /**
   * Tells the cluster that this process does not answer at an address any more, and goes on
   * answering what comes all the same: to unregister a consumer would drop what is on its way.
   *
   * @return completes when the cluster's list says so, of which the others hear a moment later; at
   *     once without a cluster
   */
  public Future<Void> leave(String address) {
    ClusterManager cluster = vertx.clusterManager();
    if (cluster == null) {
      return Future.succeededFuture();
    }
    Promise<List<RegistrationInfo>> all = vertx.promise();
    cluster.getRegistrations(address, all);
    return all.future()
        .compose(
            registrations -> {
              List<Future<Void>> removed = new ArrayList<>();
              for (RegistrationInfo each : registrations) {
                if (each.nodeId().equals(cluster.getNodeId())) {
                  Promise<Void> gone = vertx.promise();
                  cluster.removeRegistration(address, each, gone);
                  removed.add(gone.future());
                }
              }
              return Future.all(removed).mapEmpty();
            });
  }

  /**
   * Looks every two seconds for members that are gone and still said to answer, as some are when
   * several are killed at once (vertx-hazelcast #196): every second request would go to one of them
   * and get no answer. One member of the cluster does it for all.
   */
  void mend() {
    Rounds looks = new Rounds(vertx, LOOK, () -> look().mapEmpty());
    looks.start();
  }

  /**
   * One look; what it finds for the second time is removed, since a member that has just come may
   * answer before it is known here as a member.
   *
   * @return how many were removed
   */
  Future<Integer> look() {
    return vertx
        .executeBlocking(() -> isOldest() ? removeSuspects(gone()) : 0, false)
        .onSuccess(
            removed -> {
              if (removed > 0) {
                LOG.warn("{} addresses of members that are gone were removed", removed);
              }
            })
        .onFailure(failure -> LOG.debug("addresses not looked at: {}", failure.toString()));
  }

  private HazelcastInstance hazelcast() {
    return ((HazelcastClusterManager) vertx.clusterManager()).getHazelcastInstance();
  }

  private boolean isOldest() {
    return hazelcast().getCluster().getMembers().iterator().next().localMember();
  }

  private MultiMap<String, HazelcastRegistrationInfo> registrations() {
    return hazelcast().getMultiMap(Cluster.SUBSCRIPTIONS);
  }

  /** Those whose member is not there. */
  Set<Entry> gone() {
    Set<Entry> found = new HashSet<>();
    for (Map.Entry<String, HazelcastRegistrationInfo> each : registrations().entrySet()) {
      found.add(new Entry(each.getKey(), each.getValue()));
    }
    // Asked afterwards: who has come meanwhile is one of them.
    Set<String> members = new HashSet<>();
    for (Member member : hazelcast().getCluster().getMembers()) {
      members.add(member.getAttribute(Cluster.NODE_ID));
    }
    found.removeIf(entry -> members.contains(entry.nodeId()));
    return found;
  }

  private int removeSuspects(Set<Entry> gone) {
    int removed = 0;
    for (Entry entry : gone) {
      if (suspects.contains(entry)) {
        registrations().remove(entry.address, entry.registration);
        removed++;
      }
    }
    suspects = gone;
    return removed;
  }
}
