package cinema.view;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Text messages as a server sends them over a WebSocket (RFC 6455 §5.2, without a mask): the same
 * bytes for every socket, so that they are made once and not by each socket for itself.
 */
final class TextFrames {
  /** Clients have a limit, and many never change its usual value, which is this. */
  private static final int MOST_IN_A_FRAME = 65_536;

  private TextFrames() {}

  /** One after another; empty for none. */
  static byte[] of(List<String> messages) {
    EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
    messages.forEach(
        message -> write(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8), encoder));
    ByteBuf frames = Unpooled.buffer();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      frames.writeBytes(part);
      part.release();
    }
    encoder.finishAndReleaseAll();
    return ByteBufUtil.getBytes(frames);
  }

  private static void write(ByteBuf message, EmbeddedChannel encoder) {
    boolean first = true;
    do {
      ByteBuf part = message.readBytes(Math.min(MOST_IN_A_FRAME, message.readableBytes()));
      boolean last = !message.isReadable();
      encoder.writeOutbound(
          first
              ? new TextWebSocketFrame(last, 0, part)
              : new ContinuationWebSocketFrame(last, 0, part));
      first = false;
    } while (message.isReadable());
  }
}
