package cinema.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import cinema.shared.service.Requests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatorException;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks by hand say yes and no where the OpenAPI document does. */
class OrderFormTest {
  /**
   * A body that somebody may send.
   *
   * @param wrong the fields that are not right; empty when all are
   */
  record Body(String what, String json, List<String> wrong) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Vertx vertx;
  private static RequestValidator document;

  @BeforeAll
  static void load() throws Exception {
    vertx = Vertx.vertx();
    document =
        OpenAPIContract.from(vertx, "openapi.yaml")
            .map(contract -> RequestValidator.create(vertx, contract))
            .await(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  static Stream<Body> right() {
    return Stream.of(
        body("everything filled in", form -> {}),
        body("no seat", form -> form.remove("seat")),
        body("no note", form -> form.remove("note")),
        body("no phone", form -> customer(form).remove("phone")),
        body("one piece", form -> line(form).put("quantity", 1)),
        body("50 pieces", form -> line(form).put("quantity", 50)),
        body("20 lines", form -> form.put("lines", lines(20))),
        body("the same item in two lines", form -> form.put("lines", lines(2))),
        body("a bar of one letter", form -> form.put("barId", "b")),
        body("a bar of 63 characters", form -> form.put("barId", "b".repeat(63))),
        body("an item of 63 characters", form -> line(form).put("itemId", "7-".repeat(31) + "7")),
        body("a name of one character", form -> customer(form).put("name", "김")),
        body("a name of 60 characters", form -> customer(form).put("name", "n".repeat(60))),
        body("a name of 60 emoji", form -> customer(form).put("name", "🍿".repeat(60))),
        body("a name with spaces around it", form -> customer(form).put("name", "  Ada  ")),
        body("a name of a space that does not break", form -> customer(form).put("name", "\u00a0")),
        body("a name written from right to left", form -> customer(form).put("name", "مريم")),
        body("a phone of 4 characters", form -> customer(form).put("phone", "+112")),
        body("a phone of 31 characters", form -> customer(form).put("phone", "0".repeat(31))),
        body("a seat of 16 characters", form -> form.put("seat", "s".repeat(16))),
        body("a note of 280 characters", form -> form.put("note", "ñ".repeat(280))),
        body("a note with a line separator", form -> form.put("note", "no\u2028ice")),
        text("comments in the JSON", body("", form -> {}).json + " // thanks"),
        text(
            "the last of two values counts",
            body("", f -> {}).json.replace("{\"b", "{\"barId\":7,\"b")));
  }

  static Stream<Body> wrong() {
    return Stream.of(
        body("no bar", form -> form.remove("barId"), "barId"),
        body("null as bar", form -> form.putNull("barId"), "barId"),
        body("a number as bar", form -> form.put("barId", 7), "barId"),
        body("an empty bar", form -> form.put("barId", ""), "barId"),
        body("a bar in capitals", form -> form.put("barId", "Lobby"), "barId"),
        body("a bar with a hyphen in front", form -> form.put("barId", "-lobby"), "barId"),
        body("a bar with a line feed behind", form -> form.put("barId", "lobby\n"), "barId"),
        body("a bar of 64 characters", form -> form.put("barId", "b".repeat(64)), "barId"),
        body("a bar in Hangul", form -> form.put("barId", "로비"), "barId"),
        body("no lines", form -> form.remove("lines"), "lines"),
        body("null as lines", form -> form.putNull("lines"), "lines"),
        body("an object as lines", form -> form.put("lines", line(form)), "lines"),
        body("an empty list of lines", form -> form.put("lines", lines(0)), "lines"),
        body("21 lines", form -> form.put("lines", lines(21)), "lines"),
        body("a text as line", form -> lines(form).add("cola-m"), "lines[1]"),
        body("null as line", form -> lines(form).addNull(), "lines[1]"),
        body("no item", form -> line(form).remove("itemId"), "lines[0].itemId"),
        body("null as item", form -> line(form).putNull("itemId"), "lines[0].itemId"),
        body(
            "an item that is no slug",
            form -> line(form).put("itemId", "Cola M"),
            "lines[0].itemId"),
        body("an item of 64", form -> line(form).put("itemId", "i".repeat(64)), "lines[0].itemId"),
        body("no quantity", form -> line(form).remove("quantity"), "lines[0].quantity"),
        body("null as quantity", form -> line(form).putNull("quantity"), "lines[0].quantity"),
        body("a text as quantity", form -> line(form).put("quantity", "2"), "lines[0].quantity"),
        body("true as quantity", form -> line(form).put("quantity", true), "lines[0].quantity"),
        body("no pieces", form -> line(form).put("quantity", 0), "lines[0].quantity"),
        body("fewer than none", form -> line(form).put("quantity", -1), "lines[0].quantity"),
        body("51 pieces", form -> line(form).put("quantity", 51), "lines[0].quantity"),
        body("half a piece", form -> line(form).put("quantity", 0.5), "lines[0].quantity"),
        body("two as a fraction", form -> line(form).put("quantity", 2.0), "lines[0].quantity"),
        body(
            "2³² + 1 pieces", form -> line(form).put("quantity", 4294967297L), "lines[0].quantity"),
        body("an unknown field in a line", form -> line(form).put("size", "L"), "lines[0].size"),
        body("no customer", form -> form.remove("customer"), "customer"),
        body("null as customer", form -> form.putNull("customer"), "customer"),
        body("a text as customer", form -> form.put("customer", "Ada"), "customer"),
        body("a list as customer", form -> form.put("customer", new JsonArray()), "customer"),
        body(
            "an unknown field of the customer",
            form -> customer(form).put("age", 7),
            "customer.age"),
        body("no name", form -> customer(form).remove("name"), "customer.name"),
        body("null as name", form -> customer(form).putNull("name"), "customer.name"),
        body(
            "an object as name",
            form -> customer(form).put("name", new JsonObject()),
            "customer.name"),
        body("an empty name", form -> customer(form).put("name", ""), "customer.name"),
        body("a name of spaces", form -> customer(form).put("name", "  "), "customer.name"),
        body(
            "a name of wide spaces", form -> customer(form).put("name", "\u3000"), "customer.name"),
        body(
            "a name of 61 characters",
            form -> customer(form).put("name", "n".repeat(61)),
            "customer.name"),
        body(
            "a name of 61 emoji",
            form -> customer(form).put("name", "🍿".repeat(61)),
            "customer.name"),
        body("a name with NUL", form -> customer(form).put("name", "A\0da"), "customer.name"),
        body(
            "a name with a line feed behind",
            form -> customer(form).put("name", "Ada\n"),
            "customer.name"),
        body(
            "a name with a C1 control",
            form -> customer(form).put("name", "A\u0085"),
            "customer.name"),
        body(
            "a name with half an emoji",
            form -> customer(form).put("name", "HALF"),
            "customer.name"),
        body("null as phone", form -> customer(form).putNull("phone"), "customer.phone"),
        body(
            "a number as phone", form -> customer(form).put("phone", 1012345678), "customer.phone"),
        body("a word as phone", form -> customer(form).put("phone", "call me"), "customer.phone"),
        body("an empty phone", form -> customer(form).put("phone", ""), "customer.phone"),
        body(
            "a phone of 3 characters",
            form -> customer(form).put("phone", "112"),
            "customer.phone"),
        body(
            "a phone of 32", form -> customer(form).put("phone", "0".repeat(32)), "customer.phone"),
        body(
            "a phone in wide digits",
            form -> customer(form).put("phone", "０１０１２３４"),
            "customer.phone"),
        body(
            "a phone with a line feed",
            form -> customer(form).put("phone", "0101234\n"),
            "customer.phone"),
        body("null as seat", form -> form.putNull("seat"), "seat"),
        body("a number as seat", form -> form.put("seat", 12), "seat"),
        body("an empty seat", form -> form.put("seat", ""), "seat"),
        body("a seat of 17 characters", form -> form.put("seat", "s".repeat(17)), "seat"),
        body("null as note", form -> form.putNull("note"), "note"),
        body("a list as note", form -> form.put("note", new JsonArray().add("ice")), "note"),
        body("a note of 281 characters", form -> form.put("note", "ñ".repeat(281)), "note"),
        body("a note with a tab", form -> form.put("note", "no\tice"), "note"),
        body("a note with DEL", form -> form.put("note", "no\u007fice"), "note"),
        body("an unknown field", form -> form.put("coupon", "FREE"), "coupon"),
        body("a field in capitals", form -> form.put("BarId", "lobby"), "BarId"),
        body(
            "several at once",
            form -> {
              form.put("tip", 1).put("seat", 7).remove("barId");
              line(form).put("quantity", 99);
              customer(form).put("phone", "?");
            },
            "tip",
            "barId",
            "lines[0].quantity",
            "customer.phone",
            "seat"));
  }

  static Stream<Body> noObjects() {
    return Stream.of(
        text("an empty body", ""),
        text("a list", "[]"),
        text("a text", "\"order\""),
        text("a number", "1"),
        text("null", "null"),
        text("half an object", "{\"barId\":"),
        text("single quotes", "{'barId':'lobby'}"),
        text("something behind the object", body("", form -> {}).json + "}"),
        text(
            "not a number",
            body("", form -> {}).json.replace("\"quantity\":2", "\"quantity\":NaN")));
  }

  @ParameterizedTest
  @MethodSource("right")
  void what_the_document_allows_is_read(Body body) {
    assertThat(isAllowedByTheDocument(body)).isTrue();
    assertThat(OrderForm.read(Requests.object(Buffer.buffer(body.json)))).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_the_document_forbids_is_refused_and_each_wrong_field_is_named(Body body) {
    assertThat(isAllowedByTheDocument(body)).isFalse();
    Problem problem = refusal(body);
    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.errors())
        .extracting(FieldError::field)
        .containsExactlyElementsOf(body.wrong);
  }

  @ParameterizedTest
  @MethodSource("noObjects")
  void what_is_no_json_object_cannot_be_read(Body body) {
    assertThat(isAllowedByTheDocument(body)).isFalse();
    Problem problem = refusal(body);
    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.errors()).isNull();
  }

  @Test
  void everything_that_was_filled_in_is_read() {
    OrderForm read = OrderForm.read(Requests.object(Buffer.buffer(body("", form -> {}).json)));

    assertThat(read.barId()).isEqualTo("lobby");
    assertThat(read.lines()).containsExactly(new OrderForm.Wish("popcorn-caramel-l", 2));
    assertThat(read.customer().name()).isEqualTo("김하늘");
    assertThat(read.customer().phone()).isEqualTo("010-1234-5678");
    assertThat(read.seat()).isEqualTo("G12");
    assertThat(read.note()).isEqualTo("No ice, please.");
  }

  @Test
  void the_same_wishes_have_the_same_fingerprint_however_they_are_laid_out() {
    JsonObject form = new JsonObject(body("", each -> {}).json);
    JsonObject otherWayRound = new JsonObject();
    form.fieldNames().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(field -> otherWayRound.put(field, form.getValue(field)));

    assertThat(fingerprint(otherWayRound.encodePrettily())).isEqualTo(fingerprint(form.encode()));
    form.put("seat", "G13");
    assertThat(fingerprint(otherWayRound.encode())).isNotEqualTo(fingerprint(form.encode()));
  }

  private static String fingerprint(String json) {
    return OrderForm.read(Requests.object(Buffer.buffer(json))).fingerprint();
  }

  private static Problem refusal(Body body) {
    Problem.Thrown refusal =
        catchThrowableOfType(
            Problem.Thrown.class, () -> OrderForm.read(Requests.object(Buffer.buffer(body.json))));
    assertThat(refusal).as("the refusal of %s", body).isNotNull();
    return refusal.problem();
  }

  private static boolean isAllowedByTheDocument(Body body) {
    var request =
        new ValidatableRequestImpl(
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            new RequestParameterImpl(Buffer.buffer(body.json)),
            "application/json");
    return document
        .validate(request, "placeOrder")
        .map(true)
        .recover(
            failure ->
                failure instanceof ValidatorException
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure))
        .await();
  }

  private static Body body(String what, Consumer<JsonObject> change, String... wrong) {
    JsonObject form =
        new JsonObject()
            .put("barId", "lobby")
            .put(
                "lines",
                new JsonArray()
                    .add(new JsonObject().put("itemId", "popcorn-caramel-l").put("quantity", 2)))
            .put("customer", new JsonObject().put("name", "김하늘").put("phone", "010-1234-5678"))
            .put("seat", "G12")
            .put("note", "No ice, please.");
    change.accept(form);
    // No encoder writes half an emoji, so it is put in afterwards.
    return new Body(what, form.encode().replace("HALF", "Ada\\ud83c"), List.of(wrong));
  }

  private static Body text(String what, String json) {
    return new Body(what, json, List.of());
  }

  private static JsonArray lines(JsonObject form) {
    return form.getJsonArray("lines");
  }

  private static JsonObject line(JsonObject form) {
    return lines(form).getJsonObject(0);
  }

  private static JsonObject customer(JsonObject form) {
    return form.getJsonObject("customer");
  }

  private static JsonArray lines(int count) {
    JsonArray lines = new JsonArray();
    for (int i = 0; i < count; i++) {
      lines.add(new JsonObject().put("itemId", "cola-m").put("quantity", 1));
    }
    return lines;
  }
}
