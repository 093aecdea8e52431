package cinema.view;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Text messages as a server sends them over a WebSocket (RFC 6455 §5.2, without a mask): the same
 * bytes for every socket, so that they are made once and not by each socket for itself.
 */
final class TextFrames {
  private static final int FINAL = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;

  private static final int TWO_BYTE_LENGTH = 126;
  private static final int EIGHT_BYTE_LENGTH = 127;
  private static final int MOST_IN_TWO_BYTES = 0xFFFF;

  /** Clients have a limit, and many never change its usual value, which is this. */
  private static final int MOST_IN_A_FRAME = 65_536;

  private TextFrames() {}

  /** One after another; empty for none. */
  static byte[] of(List<String> messages) {
    ByteBuf frames = Unpooled.buffer();
    for (String message : messages) {
      add(message.getBytes(StandardCharsets.UTF_8), frames);
    }
    return ByteBufUtil.getBytes(frames);
  }

  private static void add(byte[] message, ByteBuf frames) {
    int begin = 0;
    do {
      int length = Math.min(MOST_IN_A_FRAME, message.length - begin);
      boolean last = begin + length == message.length;
      frames.writeByte((last ? FINAL : 0) | (begin == 0 ? TEXT : CONTINUATION));
      addLength(length, frames);
      frames.writeBytes(message, begin, length);
      begin += length;
    } while (begin < message.length);
  }

  private static void addLength(int length, ByteBuf frames) {
    if (length < TWO_BYTE_LENGTH) {
      frames.writeByte(length);
    } else if (length <= MOST_IN_TWO_BYTES) {
      frames.writeByte(TWO_BYTE_LENGTH).writeShort(length);
    } else {
      frames.writeByte(EIGHT_BYTE_LENGTH).writeLong(length);
    }
  }
}
