package cinema.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Prometheus's query language as says what an expression asks for. */
final class PromQl {
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "inf");

  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right) *\\(([^)]*)\\)");

  /** A name, and what is asked of its labels; a function's name is followed by a bracket. */
  private static final Pattern SELECTOR =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?! *\\()\\b *(?:\\{([^}]*)})?");

  private static final Pattern MATCHER = Pattern.compile("(\\w+) *(?:=~|!~|!=|=)");

  private PromQl() {}

  record Selector(String metric, List<String> labels) {}

  /** What an expression asks for. */
  static List<Selector> selectors(String expression) {
    List<Selector> selectors = new ArrayList<>();
    Matcher matcher = SELECTOR.matcher(simple(GROUPING.matcher(expression).replaceAll(" ")));
    while (matcher.find()) {
      if (!KEYWORDS.contains(matcher.group(1))) {
        List<String> labels = new ArrayList<>();
        Matcher label = MATCHER.matcher(matcher.group(2) == null ? "" : matcher.group(2));
        while (label.find()) {
          labels.add(label.group(1));
        }
        selectors.add(new Selector(matcher.group(1), labels));
      }
    }
    return selectors;
  }

  /** By which labels it gathers. */
  static List<String> grouped(String expression) {
    List<String> labels = new ArrayList<>();
    Matcher matcher = GROUPING.matcher(expression);
    while (matcher.find()) {
      Arrays.stream(matcher.group(1).split(","))
          .map(String::strip)
          .filter(label -> !label.isEmpty())
          .forEach(labels::add);
    }
    return labels;
  }

  /** Without ranges, texts and numbers. */
  private static String simple(String expression) {
    return expression
        .replaceAll("\"[^\"]*\"", "")
        .replaceAll("\\[[^]]*]", "")
        .replaceAll("\\b[0-9][0-9.a-z]*", "");
  }
}
