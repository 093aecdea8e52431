package cinema.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Read back by Netty, as a client that takes frames of 64 KiB. */
class TextFramesTest {
  private static final int MOST_IN_A_FRAME = 65_536;

  private static List<String> read(byte[] frames) {
    var client =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(false, false, MOST_IN_A_FRAME),
            new WebSocketFrameAggregator(1_000_000));
    client.writeInbound(Unpooled.wrappedBuffer(frames));
    List<String> messages = new ArrayList<>();
    for (WebSocketFrame frame = client.readInbound(); frame != null; frame = client.readInbound()) {
      messages.add(frame.content().toString(StandardCharsets.UTF_8));
      frame.release();
    }
    client.finishAndReleaseAll();
    return messages;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 65_537, 131_072, 200_000})
  void a_message_of_any_length_arrives(int length) {
    String message = "x".repeat(length);
    assertThat(read(TextFrames.of(List.of(message)))).containsExactly(message);
  }

  @Test
  void several_arrive_one_after_another_in_any_language() {
    List<String> messages = List.of("팝콘 ".repeat(9_999), "cola", "ü");
    assertThat(read(TextFrames.of(messages))).isEqualTo(messages);
  }

  @Test
  void nothing_is_nothing() {
    assertThat(TextFrames.of(List.of())).isEmpty();
  }
}
