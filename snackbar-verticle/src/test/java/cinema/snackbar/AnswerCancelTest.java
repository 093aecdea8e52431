package cinema.snackbar;

import static cinema.shared.testing.Bench.await;
import static cinema.snackbar.SnackbarBench.NOW;
import static cinema.snackbar.SnackbarBench.TRACE;
import static cinema.snackbar.SnackbarBench.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.contract.Cancel;
import cinema.shared.contract.OrderEvent.OrderPlaced;
import cinema.shared.contract.OrderStatus;
import cinema.shared.contract.Wire;
import cinema.shared.events.Told;
import cinema.shared.service.Metrics;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerCancelTest {
  private static SnackbarBench bench;
  private static AnswerCancel answerCancel;

  private final String barId = bench.newBar();

  @BeforeAll
  static void open() {
    bench = new SnackbarBench();
    answerCancel = new AnswerCancel(bench.requests, Metrics.of(bench.settings), Clock.systemUTC());
    await(answerCancel.start(bench.vertx));
  }

  @AfterAll
  static void close() {
    await(answerCancel.stop());
    assertThat(catchThrowableOfType(ReplyException.class, () -> await(ask("anything"))))
        .extracting(ReplyException::failureType)
        .isEqualTo(ReplyFailure.NO_HANDLERS);
    bench.close();
  }

  @Test
  void an_order_that_nobody_has_started_is_given_back() {
    UUID orderId = takenIn();

    assertThat(cancel(orderId))
        .isEqualTo(new Cancel.Reply(Cancel.Outcome.CANCELLED, OrderStatus.CANCELLED, 2));
    assertThat(bench.standing(orderId)).isEqualTo("CANCELLED 2");
  }

  @Test
  void an_order_already_being_prepared_cannot_be_cancelled() {
    UUID orderId = takenIn();
    await(bench.move(orderId, barId, Step.START));

    assertThat(cancel(orderId))
        .isEqualTo(new Cancel.Reply(Cancel.Outcome.TOO_LATE, OrderStatus.PREPARING, 2));
  }

  static Stream<Object> unreadable() {
    return Stream.of(
        "not JSON",
        "null",
        "{}",
        "{\"orderId\":\"not-an-id\",\"barId\":\"lobby\"}",
        new JsonObject().put("not", "a text"),
        42);
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void a_request_that_cannot_be_read_fails_rather_than_hangs(Object request) {
    assertFails(request);
  }

  @Test
  void a_request_without_a_body_fails_rather_than_hangs() {
    assertFails(null);
  }

  private static void assertFails(Object request) {
    ReplyException failure = catchThrowableOfType(ReplyException.class, () -> await(ask(request)));
    assertThat(failure.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
    assertThat(failure.failureCode()).isEqualTo(500);
  }

  private UUID takenIn() {
    Told<OrderPlaced> order = order(barId, 1);
    await(bench.requests.takeIn(List.of(order), NOW));
    return order.event().orderId();
  }

  private Cancel.Reply cancel(UUID orderId) {
    String request =
        Wire.encode(new Cancel.Request(orderId, barId, TRACE.traceparent(), TRACE.correlationId()));
    return Wire.decode(await(ask(request)).body(), Cancel.Reply.class);
  }

  private static Future<Message<String>> ask(Object request) {
    return bench
        .vertx
        .eventBus()
        .request(Cancel.ADDRESS, request, new DeliveryOptions().setSendTimeout(10_000));
  }
}
