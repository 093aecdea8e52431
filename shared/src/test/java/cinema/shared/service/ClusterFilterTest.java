package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.servers.FreePort;
import cinema.shared.testing.Members;
import cinema.shared.testing.Meters;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.PartitionMigratingException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What members of the cluster can make each other read. */
@ResourceLock(value = Meters.LOCK, mode = ResourceAccessMode.READ)
class ClusterFilterTest {
  private static final AtomicBoolean HARM = new AtomicBoolean();

  /** Does what a gadget does: something, as soon as it is read. */
  private static final class Harmful implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) {
      HARM.set(true);
    }
  }

  private final int port = FreePort.find();
  private Vertx first;
  private Vertx second;

  @BeforeEach
  void join() {
    first = Members.join(port, port);
    second = Members.join(0, port);
  }

  @AfterEach
  void leave() {
    await(second.close());
    await(first.close());
  }

  @Test
  void an_object_that_does_something_when_it_is_read_is_not_read() {
    hazelcast(first).getMap("anything").put("key", new Harmful());

    IMap<String, Object> read = hazelcast(second).getMap("anything");

    assertThatThrownBy(() -> read.get("key"))
        .isInstanceOf(HazelcastSerializationException.class)
        .hasMessageContaining("Harmful");
    assertThat(HARM).isFalse();
  }

  static Stream<Throwable> failures() {
    Throwable moved = new PartitionMigratingException("moving");
    moved.addSuppressed(new IOException("gone"));
    return Stream.of(
        moved,
        new TargetNotMemberException("left"),
        new OperationTimeoutException("late", new TimeoutException("late")),
        new CompletionException(new EOFException()),
        new NullPointerException("nothing"),
        new NoSuchElementException());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void what_a_member_could_not_do_can_be_told(Throwable failure) {
    hazelcast(first).getMap("anything").put("key", failure);

    IMap<String, Throwable> read = hazelcast(second).getMap("anything");

    assertThat(read.get("key")).hasSameClassAs(failure).hasMessage(failure.getMessage());
  }

  @Test
  void the_event_bus_has_all_that_it_needs() {
    first.eventBus().consumer("bar", message -> message.reply("yes"));
    Members.awaitYes(second, "bar");
  }

  private static HazelcastInstance hazelcast(Vertx member) {
    HazelcastClusterManager manager =
        (HazelcastClusterManager) ((VertxInternal) member).clusterManager();
    return manager.getHazelcastInstance();
  }
}
