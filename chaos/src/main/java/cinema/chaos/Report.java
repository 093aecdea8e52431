package cinema.chaos;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a check has found.
 *
 * @param calls by kind of call: what clients asked for and were told
 * @param orders how many there are in the end
 * @param unchecked orders with more calls than a linearizability check takes
 */
record Report(
    List<Anomaly> anomalies, Map<String, History.Counts> calls, int orders, int unchecked) {
  private static final int MOST_TOLD = 50;

  boolean isClean() {
    return anomalies.isEmpty();
  }

  /** How many of each kind; kinds without any are left out. */
  Map<Anomaly.Kind, Integer> counts() {
    Map<Anomaly.Kind, Integer> counts = new EnumMap<>(Anomaly.Kind.class);
    anomalies.forEach(anomaly -> counts.merge(anomaly.kind(), 1, Integer::sum));
    return counts;
  }

  /** Lines for people: counts first, then the first anomalies. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(calls)
        .forEach(
            (kind, counts) ->
                text.append(
                    "%-9s %d asked, %d acknowledged, %d refused, %d unknown%n"
                        .formatted(
                            kind,
                            counts.attempted(),
                            counts.acknowledged(),
                            counts.refused(),
                            counts.unknown())));
    text.append("%d orders stored".formatted(orders));
    text.append(unchecked == 0 ? "" : ", %d with too many calls to check".formatted(unchecked));
    text.append("%n%d anomalies %s%n".formatted(anomalies.size(), counts()));
    anomalies.stream().limit(MOST_TOLD).forEach(anomaly -> text.append(anomaly).append('\n'));
    return text.toString();
  }
}
