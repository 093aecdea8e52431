package cinema.local;

import static cinema.shared.testing.Bench.await;
import static cinema.shared.testing.Bench.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** To which replica a request goes, and when it may go to another one. */
class FrontDoorTest extends FrontDoorBench {
  private static final int ALL_CONNECTIONS = 2 * FrontDoor.CONNECTIONS_EACH;

  @Test
  void ready_replicas_take_turns() {
    bothInUse();
    int before = first.asked.get();
    for (int i = 0; i < 10; i++) {
      assertThat(get()).isEqualTo(200);
    }
    assertThat(first.asked.get() - before).isEqualTo(5);
  }

  @Test
  void nothing_goes_to_a_replica_that_is_not_ready() {
    bothInUse();
    first.ready = false;
    eventually("it is noticed", () -> unasked(first));
    first.ready = true;
    eventually("it is asked again", () -> !unasked(first));
  }

  @Test
  void when_all_are_too_slow_to_say_that_they_are_ready_they_are_asked_all_the_same() {
    bothInUse();
    first.silent = true;
    eventually("the other one is preferred", () -> unasked(first));
    second.silent = true;
    awaitSilence(second);
    for (int i = 0; i < 4; i++) {
      assertThat(get()).isEqualTo(200);
    }
    first.silent = false;
    eventually("who speaks again is preferred", () -> unasked(second));
  }

  @Test
  void a_request_that_could_not_be_sent_goes_to_another_replica() {
    bothInUse();
    // No connection is kept: each request is sent over one of its own.
    first.answer =
        request -> request.response().setStatusCode(404).putHeader("connection", "close").end("{}");
    second.answer = first.answer;
    get();
    get();
    second.stop();
    // From the first moment on: no check has told the front door yet.
    for (int i = 0; i < 6; i++) {
      assertThat(get()).isEqualTo(404);
    }
  }

  @Test
  void replicas_that_all_connections_are_in_use_to_are_busy_and_not_gone() {
    bothInUse();
    Queue<HttpServerRequest> waiting = new ConcurrentLinkedQueue<>();
    first.answer = waiting::add;
    second.answer = waiting::add;
    WebClient crowd =
        WebClient.create(
            vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(ALL_CONNECTIONS));
    List<Future<HttpResponse<Buffer>>> crowded = new ArrayList<>();
    for (int i = 0; i < ALL_CONNECTIONS; i++) {
      crowded.add(crowd.get(port, "127.0.0.1", "/bars").send());
    }
    eventually("all connections are in use", () -> waiting.size() == ALL_CONNECTIONS);
    // No check puts right what the front door makes of it.
    first.silent = true;
    second.silent = true;

    assertThat(get()).isEqualTo(503);

    first.answer = request -> request.response().end("{}");
    second.answer = first.answer;
    waiting.forEach(first.answer);
    assertThat(crowded).allSatisfy(one -> assertThat(await(one).statusCode()).isEqualTo(200));
    assertThat(get()).isEqualTo(200);
  }

  @Test
  void nothing_more_goes_to_a_replica_that_closes_after_an_answer_for_it_is_leaving() {
    bothInUse();
    int before = first.asked.get();
    first.ready = false;
    first.answer = request -> request.response().putHeader("connection", "close").end("{}");
    for (int i = 0; i < 20; i++) {
      assertThat(get()).isEqualTo(200);
    }
    assertThat(first.asked.get() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void a_request_that_may_have_been_processed_is_not_sent_again() {
    bothInUse();
    first.answer = request -> request.connection().close();
    second.answer = first.answer;
    int before = first.asked.get() + second.asked.get();

    HttpResponse<Buffer> unknown =
        await(client.post(port, "127.0.0.1", "/orders").sendBuffer(Buffer.buffer("{}")));

    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(unknown.getHeader("content-type")).isEqualTo("application/problem+json");
    assertThat(unknown.bodyAsJsonObject().getString("type")).isEqualTo("/problems/unknown");
    assertThat(first.asked.get() + second.asked.get()).isEqualTo(before + 1);
  }

  @Test
  void without_a_ready_replica_the_answer_says_when_to_come_back() throws Exception {
    bothInUse();
    list();
    eventually("nobody is there", () -> get() == 503);
    HttpResponse<Buffer> refused = await(bars());
    assertThat(refused.getHeader("retry-after")).isEqualTo("1");
    assertThat(refused.bodyAsJsonObject().getString("type")).isEqualTo("/problems/unavailable");
  }

  @Test
  void a_new_process_is_asked_once_it_is_ready() throws Exception {
    bothInUse();
    Stub third = new Stub();
    third.ready = false;
    third.start();
    list(third);
    eventually("the others are left alone", () -> get() == 503);
    third.ready = true;
    eventually("it is asked", () -> get() == 200);
    assertThat(third.asked.get()).isPositive();
  }

  /** Until it has missed more checks than may be chance. */
  private void awaitSilence(Stub stub) {
    int before = stub.checks.get();
    eventually("it is not heard", () -> stub.checks.get() >= before + 4);
  }

  private boolean unasked(Stub stub) {
    int before = stub.asked.get();
    for (int i = 0; i < 4; i++) {
      get();
    }
    return stub.asked.get() == before;
  }
}
