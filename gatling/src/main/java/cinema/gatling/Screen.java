package cinema.gatling;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What staff have before them: one WebSocket on a bar's live feed. Pings are answered below it, by
 * Netty.
 *
 * <p>All on the event loop, but for {@link #open}.
 */
final class Screen extends SimpleChannelInboundHandler<WebSocketFrame> {
  // A busy bar's first frame lists all of its open orders.
  private static final int MOST_FRAME = 256 * 1024 * 1024;

  private final Stopwatch stopwatch;
  private final Function<String, FeedFrame> reader;
  private final CompletableFuture<Void> open = new CompletableFuture<>();
  private Channel channel;
  private long seq = -1;
  private int gaps;
  private String trouble = "";

  /**
   * @param reader understands a text frame
   */
  Screen(Stopwatch stopwatch, Function<String, FeedFrame> reader) {
    this.stopwatch = stopwatch;
    this.reader = reader;
  }

  /** Completes once the board is shown. */
  CompletableFuture<Void> open(EventLoop loop, URI baseUrl, String barId, String ticket) {
    URI feed =
        URI.create("ws://" + baseUrl.getAuthority() + "/feed/bars/" + barId + "?ticket=" + ticket);
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(feed)
            .maxFramePayloadLength(MOST_FRAME)
            // A close frame is to be read here, for its code.
            .handleCloseFrames(false)
            .build();
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel line) {
                channel = line;
                line.pipeline()
                    .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(64 * 1024),
                        new WebSocketClientProtocolHandler(config),
                        new WebSocketFrameAggregator(MOST_FRAME),
                        Screen.this);
              }
            })
        .connect(feed.getHost(), feed.getPort())
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                open.completeExceptionally(connected.cause());
              }
            });
    return open;
  }

  /** Leaves, with a word of goodbye. */
  ChannelFuture close() {
    return channel.close();
  }

  /** How often the feed's numbers did not follow one another. */
  int gaps() {
    return gaps;
  }

  /** Why the feed ended or could not be read; empty when all is well. */
  String trouble() {
    return trouble;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame message) {
    long now = System.nanoTime();
    switch (message) {
      case TextWebSocketFrame text -> read(reader.apply(text.text()), now);
      case CloseWebSocketFrame close -> {
        fail("closed with " + close.statusCode() + " " + close.reasonText());
        context.close();
      }
      default -> {}
    }
  }

  private void read(FeedFrame frame, long now) {
    boolean snapshot = frame.type().equals("snapshot");
    if (!snapshot && frame.seq() != seq + 1) {
      gaps++;
    }
    seq = frame.seq();
    frame.shown().forEach(orderId -> stopwatch.seen(orderId, now));
    if (snapshot) {
      open.complete(null);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(cause.toString());
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail("connection lost");
  }

  private void fail(String why) {
    if (trouble.isEmpty()) {
      trouble = why;
    }
    open.completeExceptionally(new IllegalStateException("the feed: " + why));
  }
}
