package cinema.gatling;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * So many customers who each order again as soon as they have their answer, every order under a key
 * of its own. Made to take little of the machine that it shares with what it measures.
 *
 * <p>All calls on the event loop.
 */
final class Crowd {
  private final EventLoop loop;
  private final URI baseUrl;
  private final List<byte[]> requests = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private boolean ordering;
  private int connecting;
  private long accepted;
  private long keys;
  private final String run = Long.toString(System.currentTimeMillis(), 36);

  Crowd(EventLoop loop, URI baseUrl, String barId, List<String> tokens, List<String> itemIds) {
    this.loop = loop;
    this.baseUrl = baseUrl;
    for (int i = 0; i < tokens.size(); i++) {
      requests.add(request(barId, tokens.get(i), itemIds.get(i % itemIds.size()), i));
    }
  }

  /** A whole request; where its key ends each customer writes digits of their own. */
  private byte[] request(String barId, String token, String itemId, int number) {
    String body =
        """
        {"barId":"%s","lines":[{"itemId":"%s","quantity":2}],"customer":{"name":"Load %d"},"seat":"F%d"}"""
            .formatted(barId, itemId, number, number + 1);
    String head =
        """
        POST /orders HTTP/1.1
        Host: %s
        Content-Type: application/json
        Content-Length: %d
        Authorization: Bearer %s
        Idempotency-Key: %s-KEYKEYKEYKEY

        """
            .formatted(baseUrl.getAuthority(), body.length(), token, run)
            .replace("\n", "\r\n");
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  /** Begins, over so many connections. */
  void start(int customers) {
    ordering = true;
    accepted = 0;
    refusals.clear();
    for (int i = 0; i < customers; i++) {
      connect(i);
    }
  }

  private void connect(int number) {
    connecting++;
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpResponseDecoder(), new Customer(number));
              }
            })
        .connect(baseUrl.getHost(), baseUrl.getPort())
        .addListener(
            connected -> {
              connecting--;
              if (!connected.isSuccess()) {
                refusals.merge("no connection", 1, Integer::sum);
              }
            });
  }

  /** Nobody orders anew. */
  void stop() {
    ordering = false;
  }

  /** Whether everybody has their answer and has gone. */
  boolean isGone() {
    return channels.isEmpty() && connecting == 0;
  }

  /** Orders answered 201 since the start. */
  long accepted() {
    return accepted;
  }

  /** Other answers since the start, and how many of each. */
  Map<String, Integer> refusals() {
    return refusals;
  }

  private final class Customer extends SimpleChannelInboundHandler<HttpObject> {
    private static final int KEY_DIGITS = 12;

    private final byte[] request;
    private final int keyAt;
    private boolean waiting;
    private boolean again;

    Customer(int number) {
      request = requests.get(number % requests.size()).clone();
      keyAt = new String(request, StandardCharsets.US_ASCII).indexOf("KEYKEY");
    }

    private void order(ChannelHandlerContext context) {
      if (!ordering) {
        context.close();
        return;
      }
      long key = keys++;
      for (int i = KEY_DIGITS - 1; i >= 0; i--) {
        request[keyAt + i] = (byte) ('0' + key % 10);
        key /= 10;
      }
      waiting = true;
      context.writeAndFlush(context.alloc().ioBuffer(request.length).writeBytes(request));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      channels.add(context.channel());
      order(context);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      if (part instanceof HttpResponse response) {
        if (response.status().code() == 201) {
          accepted++;
        } else {
          refusals.merge(response.status().toString(), 1, Integer::sum);
        }
      }
      if (part instanceof LastHttpContent) {
        waiting = false;
        again = true;
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (again) {
        again = false;
        order(context);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      channels.remove(context.channel());
      if (waiting) {
        refusals.merge("connection lost", 1, Integer::sum);
      }
    }
  }
}
