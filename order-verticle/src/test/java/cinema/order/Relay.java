package cinema.order;

import static cinema.shared.testing.Bench.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnectOptions;
import java.util.concurrent.atomic.AtomicBoolean;

/** A way to PostgreSQL that can be cut just when PostgreSQL answers. */
final class Relay implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final AtomicBoolean cutting = new AtomicBoolean();
  private final PgConnectOptions to;
  private final NetServer server;

  /**
   * @param postgresUrl where the way leads
   */
  Relay(String postgresUrl) {
    this.to = PgConnectOptions.fromUri(postgresUrl);
    this.server = await(vertx.createNetServer().connectHandler(this::relay).listen(0, "127.0.0.1"));
  }

  /** PostgreSQL as it is reached by this way. */
  String url() {
    return "postgresql://"
        + to.getUser()
        + (to.getPassword() == null ? "" : ":" + to.getPassword())
        + "@127.0.0.1:"
        + server.actualPort()
        + "/"
        + to.getDatabase();
  }

  /** The next answer does not arrive, and its connection is lost. */
  void cutAtNextAnswer() {
    cutting.set(true);
  }

  private void relay(NetSocket near) {
    near.pause();
    client
        .connect(to.getPort(), to.getHost())
        .onFailure(failure -> near.close())
        .onSuccess(
            far -> {
              near.handler(far::write).closeHandler(closed -> far.close());
              far.handler(answer -> answer(answer, near)).closeHandler(closed -> near.close());
              near.resume();
            });
  }

  private void answer(Buffer answer, NetSocket near) {
    if (cutting.compareAndSet(true, false)) {
      near.close();
    } else {
      near.write(answer);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
