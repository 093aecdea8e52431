package cinema.shared.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/**
 * A way over real sockets to a server on this machine, which can be cut while both ends live on:
 * connections break without a word and new ones are refused.
 */
public final class Gate implements AutoCloseable {
  private final Vertx vertx;
  private final NetClient client;
  private final int target;
  private final int port;
  private NetServer server;

  private Gate(Vertx vertx, int target) {
    this.vertx = vertx;
    this.client = vertx.createNetClient();
    this.target = target;
    this.server = listen(0);
    this.port = server.actualPort();
  }

  /** An open way to what listens on this port. */
  public static Gate to(Vertx vertx, int port) {
    return new Gate(vertx, port);
  }

  /** Where the way begins. */
  public int port() {
    return port;
  }

  public void cut() {
    Bench.await(server.close());
  }

  public void open() {
    server = listen(port);
  }

  private NetServer listen(int on) {
    return Bench.await(
        vertx.createNetServer().connectHandler(this::connect).listen(on, "127.0.0.1"));
  }

  private void connect(NetSocket near) {
    near.pause();
    client
        .connect(target, "127.0.0.1")
        .onFailure(refused -> near.close())
        .onSuccess(
            far -> {
              near.closeHandler(closed -> far.close());
              far.closeHandler(closed -> near.close());
              far.handler(near::write);
              near.handler(far::write);
              near.resume();
            });
  }

  @Override
  public void close() {
    cut();
    Bench.await(client.close());
  }
}
