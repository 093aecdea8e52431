package cinema.local;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;

import cinema.servers.FreePort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A front door before two processes that answer whatever a test wants. */
abstract class FrontDoorBench {
  /** What one address may ask here at once: enough for every other test. */
  static final int ENOUGH = 2000;

  @TempDir Path data;

  final Vertx vertx = Vertx.vertx();
  final WebClient client = WebClient.create(vertx);
  final int port = FreePort.find();
  final Stub first = new Stub();
  final Stub second = new Stub();

  /** Stands for one process of order-verticle. */
  final class Stub {
    final AtomicInteger asked = new AtomicInteger();
    final int port = FreePort.find();
    final AtomicInteger checks = new AtomicInteger();
    volatile boolean ready = true;
    volatile boolean silent;
    volatile Consumer<HttpServerRequest> answer = request -> request.response().end("{}");
    private HttpServer server;

    void start() {
      server =
          await(vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1"));
    }

    void stop() {
      await(server.close());
    }

    private void handle(HttpServerRequest request) {
      if (request.path().equals("/health/ready")) {
        checks.incrementAndGet();
        if (!silent) {
          request.response().setStatusCode(ready ? 200 : 503).end();
        }
      } else {
        asked.incrementAndGet();
        answer.accept(request);
      }
    }
  }

  @BeforeEach
  void open() throws Exception {
    first.start();
    second.start();
    list(first, second);
    Place place =
        Place.of(
            Map.of(
                "PORT",
                Integer.toString(port),
                "DATA",
                data.toString(),
                "ADDRESS_RATE",
                "1/" + ENOUGH));
    Claim.on(place, List.of());
    vertx.runOnContext(
        now ->
            new FrontDoor(vertx, place, Replicas.following(vertx, data.resolve("processes.json")))
                .listen(port));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  void bothInUse() {
    eventually("both are asked", () -> get() == 200 && first.asked.get() * second.asked.get() > 0);
  }

  int get() {
    return await(bars().map(HttpResponse::statusCode).otherwise(0));
  }

  Future<HttpResponse<Buffer>> bars() {
    return client.get(port, "127.0.0.1", "/bars").send();
  }

  void list(Stub... stubs) throws IOException {
    List<ProcessList.Entry> listed = new ArrayList<>();
    for (Stub stub : stubs) {
      listed.add(new ProcessList.Entry("order-" + stub.port, "order", stub.port, stub.port));
    }
    new ProcessList(listed).write(data);
  }
}
