package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;

import cinema.servers.FaultyLink;
import cinema.servers.FreePort;
import cinema.servers.SharedServers;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.events.Told;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection to PostgreSQL is lost while it commits. */
class LostCommitTest {
  /** Every commit waits for whoever holds this lock. */
  private static final String SLOW_COMMIT =
      """
      DO $do$ BEGIN
        CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN PERFORM pg_advisory_xact_lock(20261120); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON outbox
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
      END $do$
      """;

  private static final String COMMITTING =
      "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'advisory'";

  private final SnackbarBench bench = new SnackbarBench();
  private final FaultyLink link = FaultyLink.to(SharedServers.postgres().port());
  private final Vertx far = Vertx.vertx();
  private final String barId = bench.newBar();
  private WebClient http;

  @BeforeEach
  void deploy() {
    int port = FreePort.find();
    await(
        far.deployVerticle(
            new SnackbarVerticle(
                bench.settings.with(
                    Map.of(
                        "POSTGRES_URL",
                        "postgresql://postgres@127.0.0.1:" + link.port() + "/postgres",
                        "HTTP_PORT",
                        Integer.toString(port))))));
    http =
        WebClient.create(
            bench.vertx, new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
  }

  @AfterEach
  void close() {
    link.heal();
    await(far.close());
    link.close();
    bench.close();
  }

  @Test
  void a_step_is_said_to_be_unknown_and_holds_when_it_is_repeated() {
    Told<OrderPlaced> order = order(barId, 1);
    UUID orderId = order.event().orderId();
    await(bench.requests.takeIn(List.of(order), NOW));
    bench.rows(SLOW_COMMIT);

    Future<HttpResponse<Buffer>> lost = startedWhileNothingComesBack(orderId);
    eventually("it is committed", () -> bench.standing(orderId).equals("PREPARING 2"));
    link.reset();

    assertThat(await(lost).statusCode()).isEqualTo(503);
    assertThat(await(lost).bodyAsJsonObject().getString("type")).isEqualTo("/problems/unknown");
    assertThat(await(lost).getHeader("retry-after")).isNotNull();
    link.heal();
    // As often as it takes: the pool may have more connections that are lost and do not know it.
    eventually("it is answered", () -> await(start(orderId)).statusCode() == 200);
    assertThat(bench.standing(orderId)).isEqualTo("PREPARING 2");
    assertThat(bench.told(orderId)).hasSize(2);
  }

  private Future<HttpResponse<Buffer>> startedWhileNothingComesBack(UUID orderId) {
    List<Future<HttpResponse<Buffer>>> asked = new ArrayList<>();
    await(
        bench.database.transaction(
            connection ->
                connection
                    .query("SELECT pg_advisory_xact_lock(20261120)")
                    .execute()
                    .onSuccess(locked -> asked.add(start(orderId)))
                    .compose(
                        locked ->
                            bench.vertx.executeBlocking(
                                () -> {
                                  eventually("it commits", () -> committing() == 1);
                                  link.halfOpen();
                                  return null;
                                }))));
    return asked.getFirst();
  }

  private long committing() {
    return bench.rows(COMMITTING).getFirst().getLong(0);
  }

  private Future<HttpResponse<Buffer>> start(UUID orderId) {
    return http.post("/bars/" + barId + "/orders/" + orderId + "/start")
        .bearerTokenAuthentication(bench.staffToken(barId))
        .send();
  }
}
