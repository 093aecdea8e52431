package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyLinkTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int SILENCE_MILLIS = 200;

  private ServerSocket server;
  private FaultyLink link;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    link = FaultyLink.to(server.getLocalPort());
    client = dial();
    accepted = server.accept();
    accepted.setSoTimeout(20_000);
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    client.close();
    accepted.close();
    server.close();
  }

  @Test
  void everything_arrives_in_its_order_and_then_the_end() throws Exception {
    byte[] much = bytes(20_000_000);

    CompletableFuture<Void> said = say(client, much);

    assertThat(accepted.getInputStream().readNBytes(much.length)).isEqualTo(much);
    said.get(20, TimeUnit.SECONDS);
    client.shutdownOutput();
    assertThat(accepted.getInputStream().read()).isEqualTo(-1);
    say(accepted, much).thenRun(() -> quietlyClose(accepted));
    assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
    assertThat(eventually(() -> link.connections() == 0)).isTrue();
  }

  @Test
  void a_reset_breaks_off_at_both_ends_and_lets_new_connections_through() throws Exception {
    assertThat(eventually(() -> link.connections() == 1)).isTrue();

    link.reset();

    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
    assertThat(eventually(() -> link.connections() == 0)).isTrue();
    try (Socket again = dial();
        Socket there = server.accept()) {
      assertPasses(again, there, 7);
    }
  }

  @Test
  void an_end_that_breaks_off_is_heard_at_the_other() throws Exception {
    accepted.setSoLinger(true, 0);
    accepted.close();

    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void a_delay_holds_bytes_for_its_time_in_each_direction() throws Exception {
    link.delay(Duration.ofMillis(60));
    long start = System.nanoTime();

    assertPasses(client, accepted, 1);
    assertPasses(accepted, client, 2);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(120));
  }

  @Test
  void delayed_bytes_keep_their_order_also_with_those_that_are_not() throws Exception {
    byte[] much = bytes(1_500_000);
    link.delay(LONG);
    // More than one read takes: a delay is no lower throughput.
    say(client, much).get(20, TimeUnit.SECONDS);
    assertSilent(accepted);

    link.heal();
    say(client, much);

    DataInputStream in = new DataInputStream(accepted.getInputStream());
    assertThat(in.readNBytes(much.length)).isEqualTo(much);
    assertThat(in.readNBytes(much.length)).isEqualTo(much);
  }

  @Test
  void a_connection_that_is_reset_while_bytes_are_held_is_gone() throws Exception {
    link.delay(LONG);
    CompletableFuture<Void> said = say(client, bytes(60_000_000));
    assertSilent(accepted);

    link.reset();

    assertThat(said.handle((done, failure) -> failure).get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(eventually(() -> link.connections() == 0)).isTrue();
  }

  @Test
  void a_black_hole_swallows_both_directions_and_new_connections_until_it_is_healed()
      throws Exception {
    link.blackHole();
    client.getOutputStream().write(1);
    accepted.getOutputStream().write(2);
    try (Socket late = dial()) {
      late.getOutputStream().write(3);
      assertSilent(accepted);
      assertSilent(client);
      assertSilent(late);
      server.setSoTimeout(SILENCE_MILLIS);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
      assertThat(link.connections()).isEqualTo(2);

      link.heal();

      assertThat(accepted.getInputStream().read()).isEqualTo(1);
      assertThat(client.getInputStream().read()).isEqualTo(2);
      server.setSoTimeout(20_000);
      try (Socket there = server.accept()) {
        assertThat(there.getInputStream().read()).isEqualTo(3);
      }
    }
  }

  @Test
  void in_a_black_hole_not_even_an_end_is_heard() throws Exception {
    link.blackHole();
    client.close();
    assertSilent(accepted);

    link.heal();

    assertThat(accepted.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void half_open_the_server_hears_and_is_not_heard() throws Exception {
    link.halfOpen();

    assertPasses(client, accepted, 1);
    accepted.getOutputStream().write(2);
    assertSilent(client);
    try (Socket late = dial();
        Socket there = server.accept()) {
      assertPasses(late, there, 3);
      there.getOutputStream().write(4);
      assertSilent(late);
      link.heal();
      assertThat(late.getInputStream().read()).isEqualTo(4);
    }
    assertThat(client.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void refused_are_new_connections_only_and_only_until_it_is_healed() throws Exception {
    link.refuse();

    assertThatThrownBy(this::dial).isInstanceOf(ConnectException.class);
    assertPasses(client, accepted, 1);

    link.heal();
    try (Socket again = dial();
        Socket there = server.accept()) {
      assertPasses(again, there, 2);
    }
  }

  @Test
  void a_server_that_is_not_there_breaks_the_connection_off() throws Exception {
    try (FaultyLink nowhere = FaultyLink.to(FreePort.find());
        Socket lost = new Socket(InetAddress.getLoopbackAddress(), nowhere.port())) {
      lost.setSoTimeout(20_000);
      assertThatThrownBy(() -> lost.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void while_the_server_is_not_there_connections_are_refused_and_afterwards_let_through()
      throws Exception {
    int port = FreePort.find();
    try (FaultyLink early = FaultyLink.to(port)) {
      early.awaitServer();
      assertThatThrownBy(() -> dial(early)).isInstanceOf(ConnectException.class);
      early.heal();
      assertThatThrownBy(() -> dial(early)).isInstanceOf(ConnectException.class);

      try (ServerSocket late = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
        late.setSoTimeout(20_000);
        late.accept().close(); // the link has seen that it is there
        try (Socket here = dialUntilAccepted(early);
            Socket there = late.accept()) {
          assertPasses(here, there, 1);
        }
      }
    }
  }

  @Test
  void whoever_sends_more_than_is_read_has_to_wait_whatever_the_fault() throws Exception {
    for (Runnable fault :
        new Runnable[] {() -> {}, () -> link.delay(LONG), link::blackHole, link::halfOpen}) {
      fault.run();
      try (SocketChannel channel =
          SocketChannel.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), link.port()))) {
        assertThat(takenFrom(channel)).isLessThan(60_000_000);
      }
      link.heal();
    }
  }

  @Test
  void nothing_is_left_of_a_link_that_was_closed_in_the_middle_of_faults() throws Exception {
    say(client, bytes(10_000_000));
    link.delay(LONG);
    assertSilent(client);
    link.blackHole();
    try (Socket late = dial()) {
      assertThat(eventually(() -> link.connections() == 2)).isTrue();

      link.close();

      assertThat(link.connections()).isZero();
      assertThatThrownBy(() -> late.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(FreePort.isFree(link.port())).isTrue();
    }
  }

  private Socket dial() throws IOException {
    Socket socket = dial(link);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void assertPasses(Socket from, Socket to, int value) throws IOException {
    from.getOutputStream().write(value);
    assertThat(to.getInputStream().read()).isEqualTo(value);
  }

  private static Socket dial(FaultyLink link) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), link.port());
  }

  private static Socket dialUntilAccepted(FaultyLink link) throws IOException {
    long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        return dial(link);
      } catch (ConnectException e) {
        if (System.nanoTime() > limit) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private static void assertSilent(Socket socket) throws IOException {
    int patience = socket.getSoTimeout();
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(patience);
  }

  private static CompletableFuture<Void> say(Socket socket, byte[] bytes) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            socket.getOutputStream().write(bytes);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  /** How much is taken until nothing more is, for a while. */
  private static long takenFrom(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    long taken = 0;
    for (int refused = 0; refused < 50 && taken < 100_000_000; ) {
      int count = channel.write(buffer.clear());
      taken += count;
      if (count == 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        refused++;
      } else {
        refused = 0;
      }
    }
    return taken;
  }

  private static boolean eventually(Patience.Condition condition) throws IOException {
    return Patience.until(Duration.ofSeconds(20), condition);
  }

  private static void quietlyClose(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
