package cinema.shared.service;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds requests against the OpenAPI document, before their handlers see them. */
public final class OpenApi {
  private static final Pattern PARAMETER = Pattern.compile("(query|path|header) parameter (\\S+)");
  private static final List<OutputUnit> NONE = List.of();
  private static final int MOST_ERRORS = 20;

  private final OpenAPIContract contract;
  private final RequestValidator validator;

  private OpenApi(Vertx vertx, OpenAPIContract contract) {
    this.contract = contract;
    this.validator = RequestValidator.create(vertx, contract);
  }

  /**
   * Reads a document.
   *
   * @param resource its name on the class path
   */
  public static Future<OpenApi> load(Vertx vertx, String resource) {
    Promise<OpenAPIContract> read = Promise.promise();
    // On a worker: reading and resolving it takes longer than an event loop may be held.
    return vertx
        .deployVerticle(
            worker -> OpenAPIContract.from(vertx, resource).onComplete(read),
            new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
        .compose(vertx::undeploy)
        .compose(done -> read.future())
        .map(contract -> new OpenApi(vertx, contract));
  }

  /**
   * Lets a request through that is what the operation asks for; others get a 422 or 400 problem.
   */
  public Handler<RoutingContext> check(String operationId) {
    Operation operation = contract.operation(operationId);
    if (operation == null) {
      throw new IllegalArgumentException("no operation " + operationId);
    }
    boolean hasBody = operation.getRequestBody() != null;
    return context -> {
      if (hasBody) {
        Requests.requireJson(context);
      }
      Buffer body = context.body().buffer();
      RequestUtils.extract(
              context.request(),
              operation,
              () -> Future.succeededFuture(body == null ? Buffer.buffer() : body))
          .compose(request -> validator.validate(request, operationId))
          .onSuccess(valid -> context.next())
          .onFailure(failure -> context.fail(problem(failure)));
    };
  }

  private static Throwable problem(Throwable failure) {
    return switch (failure) {
      case SchemaValidationException invalid -> Problem.invalid(errors(invalid)).thrown();
      case ValidatorException unusable ->
          Problem.invalid(List.of(new Problem.FieldError(field(unusable), unusable.getMessage())))
              .thrown();
      default -> failure;
    };
  }

  /**
   * Of each place the fault that lies deepest in the schema, for it tells most; the places around
   * it only repeat that something is wrong.
   */
  private static List<Problem.FieldError> errors(SchemaValidationException invalid) {
    String parameter = field(invalid);
    Map<String, OutputUnit> faults = new LinkedHashMap<>();
    for (OutputUnit unit : Objects.requireNonNullElse(invalid.getOutputUnit().getErrors(), NONE)) {
      faults.merge(
          unit.getInstanceLocation(),
          unit,
          (one, other) -> depth(one) < depth(other) ? other : one);
    }
    List<Problem.FieldError> errors =
        faults.keySet().stream()
            .filter(at -> faults.keySet().stream().noneMatch(in -> in.startsWith(at + "/")))
            .map(at -> new Problem.FieldError(field(at, parameter), faults.get(at).getError()))
            .limit(MOST_ERRORS)
            .toList();
    return errors.isEmpty()
        ? List.of(new Problem.FieldError(parameter, invalid.getMessage()))
        : errors;
  }

  private static long depth(OutputUnit unit) {
    return unit.getKeywordLocation().chars().filter(c -> c == '/').count();
  }

  /** {@code #/lines/0/quantity} as {@code lines[0].quantity}. */
  private static String field(String place, String parameter) {
    String field = place.replaceFirst("^#?/?", "").replaceAll("/(\\d+)", "[$1]").replace('/', '.');
    return field.isEmpty() ? parameter : field;
  }

  private static String field(ValidatorException invalid) {
    Matcher matcher = PARAMETER.matcher(invalid.getMessage());
    return matcher.find() ? matcher.group(2) : "body";
  }
}
