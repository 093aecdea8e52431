package cinema.gatling;

import cinema.gatling.Stopwatch.Lap;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Customers who take turns to order over HTTP, each order on a connection of its own for as long as
 * it takes, so that a slow answer holds up nobody else's.
 *
 * <p>All calls on the event loop.
 */
final class Customers {
  private static final int MOST_CONNECTIONS = 1000;
  private static final int MOST_ANSWER = 64 * 1024;

  /** A server ends a connection on which nothing is said for 10 s; no order should meet its end. */
  private static final long LONGEST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoop loop;
  private final URI baseUrl;
  private final String barId;
  private final List<String> tokens;
  private final List<String> itemIds;
  private final Stopwatch stopwatch;
  private final Deque<Phone> idle = new ArrayDeque<>();
  private final Deque<Lap> waiting = new ArrayDeque<>();
  private int connections;
  private int turn;

  Customers(
      EventLoop loop,
      URI baseUrl,
      String barId,
      List<String> tokens,
      List<String> itemIds,
      Stopwatch stopwatch) {
    this.loop = loop;
    this.baseUrl = baseUrl;
    this.barId = barId;
    this.tokens = tokens;
    this.itemIds = itemIds;
    this.stopwatch = stopwatch;
  }

  /** Somebody orders now. */
  void order(Lap lap) {
    Phone phone = idle.pollLast();
    if (phone != null && phone.isFresh()) {
      phone.order(lap);
      return;
    }
    if (phone != null) {
      phone.channel.close();
    }
    waiting.add(lap);
    if (connections < MOST_CONNECTIONS) {
      connect();
    }
  }

  private void connect() {
    connections++;
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(MOST_ANSWER),
                        new Phone(channel));
              }
            })
        .connect(baseUrl.getHost(), baseUrl.getPort())
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                connections--;
                Lap lap = waiting.poll();
                if (lap != null) {
                  stopwatch.refused(lap, "no connection");
                }
              }
            });
  }

  private FullHttpRequest request() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String body =
        """
        {"barId":"%s","lines":[{"itemId":"%s","quantity":%d}],"customer":{"name":"Load %d"},"seat":"F%d"}
        """
            .formatted(
                barId,
                itemIds.get(random.nextInt(itemIds.size())),
                1 + random.nextInt(3),
                turn % tokens.size(),
                1 + random.nextInt(30));
    var content = Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8));
    var request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/orders", content);
    request
        .headers()
        .set(HttpHeaderNames.HOST, baseUrl.getAuthority())
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
        .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + tokens.get(turn++ % tokens.size()))
        .set("Idempotency-Key", UUID.randomUUID().toString());
    return request;
  }

  /** One connection, which is either idle or carries one order. */
  private final class Phone extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final Channel channel;
    private Lap lap;
    private long idleSince;

    Phone(Channel channel) {
      this.channel = channel;
    }

    boolean isFresh() {
      return System.nanoTime() - idleSince < LONGEST_IDLE_NANOS;
    }

    void order(Lap now) {
      lap = now;
      FullHttpRequest request = request();
      stopwatch.sent(lap, System.nanoTime());
      channel.writeAndFlush(request);
    }

    private void next() {
      Lap now = waiting.poll();
      if (now == null) {
        idleSince = System.nanoTime();
        idle.add(this);
      } else {
        order(now);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      next();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      long now = System.nanoTime();
      Lap answered = lap;
      lap = null;
      if (answered != null) {
        note(answered, response, now);
      }
      if (HttpUtil.isKeepAlive(response)) {
        next();
      } else {
        channel.close();
      }
    }

    private void note(Lap answered, FullHttpResponse response, long now) {
      String location = response.headers().get(HttpHeaderNames.LOCATION);
      if (response.status().code() == 201 && location != null) {
        stopwatch.accepted(answered, location.substring(location.lastIndexOf('/') + 1), now);
      } else {
        stopwatch.refused(answered, response.status().toString());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      connections--;
      idle.remove(this);
      if (lap != null) {
        stopwatch.refused(lap, "connection lost");
        lap = null;
      }
      if (!waiting.isEmpty() && connections < MOST_CONNECTIONS) {
        connect();
      }
    }
  }
}
