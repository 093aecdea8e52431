package cinema.local;

import cinema.local.FuzzConnection.Answer;
import cinema.local.FuzzConnection.Frame;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What was wrong with answers: of each kind the first, with what it takes to see it again. */
final class FuzzFindings {
  private static final int ENOUGH = 10;
  private static final int MOST_SHOWN = 2000;

  private static final Pattern INSIDE =
      Pattern.compile(
          "\\tat |Exception|Throwable|\\bcinema\\.|io\\.vertx|io\\.netty|\\bjava[x]?\\.|SQLSTATE"
              + "|INSERT INTO|SELECT |UPDATE \\w+ SET|DELETE FROM|unnest\\(|duplicate key|violates");

  private static final Pattern TRACE = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final long seed;
  private final int frontDoor;
  private final FuzzValues values;
  private final Map<String, String> kinds = new ConcurrentHashMap<>();

  /**
   * @param frontDoor its port
   * @param values learn what answers say
   */
  FuzzFindings(long seed, int frontDoor, FuzzValues values) {
    this.seed = seed;
    this.frontDoor = frontDoor;
    this.values = values;
  }

  Map<String, String> all() {
    return kinds;
  }

  boolean areEnough() {
    return kinds.size() >= ENOUGH;
  }

  void check(FuzzRequest request, Answer answer) {
    String trace = answer.header("traceresponse");
    if (answer.status() >= 500) {
      add(request, "a mistake of ours", answer);
    } else if (!TRACE.matcher(trace).matches()) {
      add(request, "no trace", answer);
    } else if (request.trace() != null && !trace.contains(request.trace())) {
      add(request, "the answer to another request", answer);
    } else if (answer.status() >= 400 && answer.body().length > 0 && !isProblem(answer)) {
      add(request, "an error that is no problem", answer);
    } else if (!isPage(answer) && INSIDE.matcher(answer.text()).find()) {
      add(request, "tells what is inside", answer);
    } else if (request.port() == frontDoor && answer.text().contains("# HELP")) {
      add(request, "tells everybody what is for operators", answer);
    } else if (answer.status() / 100 == 2) {
      values.learn(answer.text().substring(0, Math.min(answer.text().length(), MOST_SHOWN)));
    }
  }

  private static boolean isProblem(Answer answer) {
    try {
      JsonObject problem = new JsonObject(answer.text());
      return answer.header("content-type").equals("application/problem+json")
          && problem.getValue("type") instanceof String
          && problem.getValue("title") instanceof String
          && Integer.valueOf(answer.status()).equals(problem.getValue("status"));
    } catch (DecodeException e) {
      return false;
    }
  }

  /** What is written for people may speak of anything. */
  private static boolean isPage(Answer answer) {
    return answer.header("content-type").matches("(text/|application/yaml).*");
  }

  void check(FuzzRequest request, Frame frame) {
    String text = new String(frame.payload(), StandardCharsets.UTF_8);
    if (INSIDE.matcher(text).find()) {
      Answer said = new Answer(frame.opcode(), Map.of(), frame.payload());
      add(request, "a frame as none should be", said);
    }
    values.learn(text.substring(0, Math.min(text.length(), MOST_SHOWN)));
  }

  /**
   * @param answer null for none
   */
  void add(FuzzRequest request, String what, Answer answer) {
    String came =
        answer == null
            ? ""
            : "\n  %d %s%n  %s"
                .formatted(
                    answer.status(),
                    answer.headers(),
                    answer.text().substring(0, Math.min(answer.text().length(), MOST_SHOWN)));
    kinds.putIfAbsent(
        what + " by " + request.operation(),
        "-Dseed=%d -Dfirst=%s%s%n".formatted(seed, request, came));
  }
}
