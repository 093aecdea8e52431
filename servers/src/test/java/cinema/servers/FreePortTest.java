package cinema.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreePortTest {
  @Test
  void no_port_is_given_out_twice() {
    assertThat(Stream.generate(FreePort::find).limit(1000)).doesNotHaveDuplicates();
  }

  @Test
  void no_port_of_a_row_is_given_out_twice_either() {
    Stream<Integer> rows =
        Stream.generate(() -> FreePort.findRow(5))
            .limit(200)
            .flatMap(first -> IntStream.range(first, first + 5).boxed());
    assertThat(Stream.concat(rows, Stream.generate(FreePort::find).limit(1000)))
        .doesNotHaveDuplicates();
  }

  @Test
  void no_port_is_given_to_two_processes_until_the_first_is_gone(@TempDir Path directory)
      throws Exception {
    Owner owner = Owner.start("ports", directory, 0);

    assertThat(Stream.generate(FreePort::find).limit(1000).map(Long::valueOf))
        .doesNotContainAnyElementsOf(owner.has());

    owner.kill();
    assertThat(owner.has()).anyMatch(FreePortTest::isLeft);
  }

  private static boolean isLeft(long port) {
    try (DatagramSocket socket = new DatagramSocket((int) port, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (SocketException stillKept) {
      return false;
    }
  }

  @Test
  void a_port_somebody_listens_on_is_not_free() throws Exception {
    int port = FreePort.find();
    assertThat(FreePort.isFree(port)).isTrue();
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.isFree(other.getLocalPort())).isFalse();
    }
  }
}
