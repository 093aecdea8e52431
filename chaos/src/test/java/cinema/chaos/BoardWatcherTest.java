package cinema.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.testing.Bench;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoardWatcherTest {
  private static final String SNAPSHOT =
      "{\"type\":\"snapshot\",\"epoch\":\"e\",\"seq\":4,\"orders\":[]}";
  private static final String REMOVED =
      "{\"type\":\"removed\",\"seq\":5,\"orderId\":\""
          + Calls.ORDER
          + "\",\"reason\":\"CANCELLED\"}";
  private static final String AFTER_BOTH = "GET /feed/bars/lobby?epoch=e&since=5 HTTP/1.1";

  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final Board board = new Board("board 1", "lobby", () -> 0);
  private FeedServer server;
  private BoardWatcher watcher;

  @BeforeEach
  void listen() throws IOException {
    server = new FeedServer();
  }

  @AfterEach
  void close() throws IOException {
    watcher.close();
    server.close();
  }

  private void watch(Duration silence) {
    watcher =
        new BoardWatcher(
            server.door(), "lobby", "staff's", board, silence, pause -> {}, Chance.of(1, "test"));
    watcher.start();
  }

  @Test
  void comes_back_to_where_it_was_cut_off() throws IOException {
    watch(FOR_EVER);
    try (FeedServer.Visit first = server.next()) {
      assertThat(first.requestLine()).isEqualTo("GET /feed/bars/lobby HTTP/1.1");
      assertThat(first.headers()).containsIgnoringCase("Authorization: Bearer staff's");
      first.accept().say(SNAPSHOT).say(REMOVED);
      Bench.eventually("it was heard", () -> board.resume().endsWith("since=5"));
    }
    try (FeedServer.Visit second = server.next()) {
      assertThat(second.requestLine()).isEqualTo(AFTER_BOTH);
    }
    assertThat(board.watched().anomalies()).isEmpty();
  }

  @Test
  void comes_back_when_the_service_says_goodbye() throws IOException {
    watch(FOR_EVER);
    try (FeedServer.Visit first = server.next()) {
      first.accept().say(SNAPSHOT).say(REMOVED).sayGoodbye();
      try (FeedServer.Visit second = server.next()) {
        assertThat(second.requestLine()).isEqualTo(AFTER_BOTH);
      }
    }
  }

  @Test
  void comes_back_when_its_connection_is_reset() throws IOException {
    watch(FOR_EVER);
    try (FeedServer.Visit first = server.next()) {
      first.accept().say(SNAPSHOT).say(REMOVED);
      Bench.eventually("it was heard", () -> board.resume().endsWith("since=5"));
      first.cut();
    }
    try (FeedServer.Visit second = server.next()) {
      assertThat(second.requestLine()).isEqualTo(AFTER_BOTH);
    }
  }

  @Test
  void tries_again_when_it_is_refused() throws IOException {
    watch(FOR_EVER);
    try (FeedServer.Visit first = server.next()) {
      first.refuse();
    }
    try (FeedServer.Visit second = server.next()) {
      assertThat(second.requestLine()).isEqualTo("GET /feed/bars/lobby HTTP/1.1");
    }
    assertThat(watcher.refusals()).isPositive();
  }

  @Test
  void leaves_a_feed_that_says_nothing_any_more() throws IOException {
    watch(Duration.ofMillis(300));
    try (FeedServer.Visit first = server.next()) {
      first.accept().say(SNAPSHOT).sayInTwo(REMOVED).ping();
      try (FeedServer.Visit second = server.next()) {
        assertThat(second.requestLine()).isEqualTo(AFTER_BOTH);
      }
    }
  }

  @Test
  void what_cannot_be_read_is_noted_on_the_board() throws IOException {
    watch(Duration.ofMillis(300));
    try (FeedServer.Visit first = server.next()) {
      first.accept().say(SNAPSHOT).say("{").say(REMOVED);
      try (FeedServer.Visit second = server.next()) {
        assertThat(second.requestLine()).isEqualTo(AFTER_BOTH);
      }
    }
    assertThat(board.watched().anomalies())
        .hasSize(1)
        .first()
        .asString()
        .contains("cannot be read");
  }
}
