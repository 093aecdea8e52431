package cinema.shared.service;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.testing.Bench;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a process is ready, and how it goes. */
class DrainTest {
  private final Bench bench = Bench.of("drain");
  private final WebClient client = WebClient.create(bench.vertx());
  private final Promise<Answer> inHand = Promise.promise();
  private final AtomicBoolean socketsClosed = new AtomicBoolean();
  private WebServer server;
  private int port;

  @AfterEach
  void close() {
    inHand.tryComplete(Answer.of(200, Map.of()));
    bench.close();
  }

  @Test
  void who_goes_says_so_and_serves_on_meanwhile() {
    listen("600");
    assertThat(get("/").getHeader("connection")).isNull();
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    Future<Void> drained = drain();

    eventually("it says that it is not ready", () -> get("/health/ready").statusCode() == 503);
    HttpResponse<Buffer> answer = get("/");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("connection")).isEqualTo("close");
    assertThat(socketsClosed).isFalse();
    await(drained);
    assertThat(socketsClosed).isTrue();
    assertThatThrownBy(() -> get("/")).hasMessageContaining("refused");
  }

  @Test
  void what_is_in_hand_is_finished() {
    listen("1");
    Future<HttpResponse<Buffer>> asked = ask("/in-hand");
    eventually("it is in hand", () -> get("/asked").bodyAsString().contains("true"));

    Future<Void> drained = drain();
    eventually("nobody else is let in", this::isRefused);
    assertThat(drained.isComplete()).isFalse();
    inHand.complete(Answer.of(200, Map.of("said", "yes")));

    assertThat(await(asked).bodyAsString()).contains("yes");
    await(drained);
  }

  @Test
  void what_a_start_waits_for_counts_for_nothing_afterwards() {
    AtomicBoolean there = new AtomicBoolean();
    listen("0");
    server.health().readyOnce("kafka", there::get);

    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    there.set(true);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    there.set(false);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void a_start_does_not_wait_for_ever_for_what_it_can_do_without() {
    listen("0");
    server.health().readyOnce("kafka", () -> false);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    eventually("it does without", () -> get("/health/ready").statusCode() == 200);
  }

  private void listen(String drainMillis) {
    server =
        bench.onLoop(
            () -> Future.succeededFuture(new WebServer(bench.vertx(), settings(drainMillis))));
    AtomicBoolean asked = new AtomicBoolean();
    server
        .router()
        .get("/")
        .handler(
            WebServer.answering(
                context -> Future.succeededFuture(Answer.of(200, Map.of("here", true)))));
    server
        .router()
        .get("/asked")
        .handler(
            WebServer.answering(
                context -> Future.succeededFuture(Answer.of(200, Map.of("asked", asked.get())))));
    server
        .router()
        .get("/in-hand")
        .handler(
            WebServer.answering(
                context -> {
                  asked.set(true);
                  return inHand.future();
                }));
    port = bench.onLoop(server::listen).actualPort();
  }

  private Settings settings(String drainMillis) {
    return bench.settings().with(Map.of("DRAIN_MS", drainMillis));
  }

  private Future<Void> drain() {
    Promise<Void> drained = Promise.promise();
    bench.onLoop(
        () -> {
          server
              .drain(
                  () -> {
                    socketsClosed.set(true);
                    return Future.succeededFuture();
                  })
              .onComplete(drained);
          return Future.succeededFuture();
        });
    return drained.future();
  }

  private boolean isRefused() {
    try {
      get("/");
      return false;
    } catch (RuntimeException | AssertionError e) {
      return true;
    }
  }

  private Future<HttpResponse<Buffer>> ask(String path) {
    return client.get(port, "127.0.0.1", path).send();
  }

  private HttpResponse<Buffer> get(String path) {
    return await(ask(path));
  }
}
