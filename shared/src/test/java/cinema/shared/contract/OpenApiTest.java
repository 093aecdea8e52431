package cinema.shared.contract;

import static org.assertj.core.api.Assertions.assertThat;

import cinema.shared.service.Problem;
import cinema.shared.service.Problem.FieldError;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI document can be used, agrees with the routes and keeps to its own words. */
class OpenApiTest {
  private static final String PATHS = "openapi.yaml#/paths";
  private static final String SCHEMAS = "openapi.yaml#/components/schemas/";

  /**
   * An example in the document.
   *
   * @param place of what has the schema and the example
   */
  record Example(String place, JsonNode value) {
    @Override
    public String toString() {
      return place;
    }
  }

  private static Vertx vertx;
  private static OpenAPIContract contract;

  @BeforeAll
  static void load() throws Exception {
    vertx = Vertx.vertx();
    contract = OpenAPIContract.from(vertx, "openapi.yaml").await(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void the_document_has_every_public_operation() {
    assertThat(contract.operations().stream().map(Operation::getOperationId))
        .containsExactlyInAnyOrder(
            "openSession",
            "listBars",
            "getMenu",
            "placeOrder",
            "getOrder",
            "cancelOrder",
            "forgetMe",
            "listMyOrders",
            "feedMyOrders",
            "feedBar",
            "feedPickup",
            "openFeedTicket",
            "listBarOrders",
            "startOrder",
            "readyOrder",
            "handOverOrder",
            "rejectOrder",
            "undoOrder",
            "listAlarms",
            "acknowledgeAlarm",
            "changeMenuItem",
            "createDevToken",
            "getSessionKeys",
            "getOpenApi");
  }

  @Test
  void every_operation_is_routed_to_the_service_that_the_document_names() {
    List<Operation> routedOnes =
        contract.operations().stream()
            // The front door of a local run answers it itself.
            .filter(operation -> !operation.getOperationId().equals("createDevToken"))
            .toList();
    Map<String, String> documented =
        routedOnes.stream()
            .collect(
                Collectors.toMap(
                    OpenApiTest::call,
                    operation -> operation.getOpenAPIModel().getString("x-service")));
    Map<String, String> routed =
        routedOnes.stream()
            .collect(
                Collectors.toMap(
                    OpenApiTest::call,
                    operation ->
                        Routes.of(method(operation), path(operation))
                            .map(service -> service.name().toLowerCase(Locale.ROOT))
                            .orElse("none")));
    assertThat(routed).isEqualTo(documented);
  }

  @Test
  void every_route_is_there_for_some_operation() {
    Map<Routes.Route, List<Operation>> used =
        Routes.ALL.stream()
            .filter(route -> !PAGES.contains(route.path()))
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    route ->
                        contract.operations().stream()
                            .filter(
                                operation ->
                                    route.equals(decides(method(operation), path(operation))))
                            .toList()));
    assertThat(used).allSatisfy((route, operations) -> assertThat(operations).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/board", "/pickup", "/assets/order.js"})
  void pages_are_routed_though_they_are_no_operations(String path) {
    assertThat(Routes.of("GET", path)).contains(Routes.Service.VIEW);
  }

  @Test
  void no_path_has_too_many_segments_to_be_routed() {
    String deep = "/a".repeat(10_000);
    assertThat(Routes.of("GET", "/assets" + deep)).contains(Routes.Service.VIEW);
    assertThat(Routes.of("GET", deep)).isEmpty();
  }

  @Test
  void no_operation_fits_two_routes() {
    assertThat(contract.operations())
        .allSatisfy(
            operation ->
                assertThat(Routes.ALL)
                    .filteredOn(route -> fits(route, method(operation), path(operation)))
                    .hasSizeLessThan(2));
  }

  @ParameterizedTest
  @FieldSource("PRIVATE_PATHS")
  void what_is_for_operators_is_neither_documented_nor_routed(String path) {
    assertThat(Routes.of("GET", path)).isEmpty();
    assertThat(contract.findPath(path)).isNull();
  }

  private static final Set<String> PAGES = Set.of("/", "/board", "/pickup", "/assets/**");

  static final List<String> PRIVATE_PATHS =
      List.of(
          "/health/started",
          "/health/live",
          "/health/ready",
          "/health",
          "/metrics",
          "/ops/alarms",
          "/nowhere",
          "/bars/lobby/alarms/../../../ops/alarms",
          "/bars/lobby/alarms/%2e%2E/../../ops/alarms",
          "/orders/./../metrics",
          "//metrics",
          "/%6detrics",
          "//health/ready",
          "/health%2Fready",
          "/orders//../metrics");

  @ParameterizedTest
  @MethodSource("examples")
  void every_example_fits_its_schema(Example example) {
    String schema = example.place() + "/schema";
    assertThat(Documents.faultsAndStrangers(schema, example.value().toString())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void every_body_has_an_example(String place) {
    assertThat(examples(place)).isNotEmpty();
  }

  static Stream<Example> examples() {
    return bodies().flatMap(OpenApiTest::examples);
  }

  private static Stream<Example> examples(String place) {
    JsonNode body = Documents.at(place);
    return Stream.concat(
            body.has("example") ? Stream.of(body.get("example")) : Stream.empty(),
            body.path("examples").properties().stream().map(each -> each.getValue().get("value")))
        .map(value -> new Example(place, value));
  }

  /** The places of all JSON bodies, of requests and of answers. */
  static Stream<String> bodies() {
    return operationPlaces()
        .flatMap(
            operation ->
                Stream.concat(
                    Documents.at(operation).has("requestBody")
                        ? Stream.of(Documents.below(operation, "requestBody"))
                        : Stream.empty(),
                    Documents.keys(operation + "/responses")
                        .map(status -> Documents.below(operation, "responses", status))))
        .flatMap(
            body ->
                Documents.at(body).has("content")
                    ? Documents.keys(body + "/content")
                        .filter(type -> type.endsWith("json"))
                        .map(type -> Documents.below(body, "content", type))
                    : Stream.empty());
  }

  private static Stream<String> operationPlaces() {
    return Documents.keys(PATHS)
        .map(path -> Documents.below(PATHS, path))
        .flatMap(
            path ->
                Documents.keys(path)
                    .filter(method -> !method.equals("parameters"))
                    .map(method -> Documents.below(path, method)));
  }

  static Stream<Problem> problems() {
    return Stream.of(
        Problem.badRequest("The body must be a JSON object."),
        Problem.unauthorized("The token has expired."),
        Problem.forbidden("This is for staff."),
        Problem.notFound("order"),
        Problem.invalid(List.of(new FieldError("lines[0].quantity", "must be a whole number"))),
        Problem.unavailable("Please try again."));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void a_problem_fits_the_one_schema_of_its_type(Problem problem) {
    List<String> fitting =
        Documents.keys("openapi.yaml#/components/schemas")
            .filter(name -> Documents.at(SCHEMAS + name).at("/properties/type").has("const"))
            .filter(name -> Documents.faults(SCHEMAS + name, Wire.encode(problem)).isEmpty())
            .map(name -> Documents.at(SCHEMAS + name).at("/properties/type/const").textValue())
            .toList();
    assertThat(fitting).containsExactly(problem.type());
  }

  private static Routes.Route decides(String method, String path) {
    return Routes.ALL.stream().filter(route -> fits(route, method, path)).findFirst().orElse(null);
  }

  private static boolean fits(Routes.Route route, String method, String path) {
    return (route.method() == null || route.method().equals(method))
        && path.matches(route.path().replaceAll("\\{[^}]+}", "[^/]+").replace("/**", "(/.*)?"));
  }

  private static String call(Operation operation) {
    return method(operation) + " " + operation.getAbsoluteOpenAPIPath();
  }

  private static String method(Operation operation) {
    return operation.getHttpMethod().name();
  }

  private static String path(Operation operation) {
    return operation.getAbsoluteOpenAPIPath().replaceAll("\\{[^}]+}", "x");
  }
}
