package cinema.shared.service;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where spans are sent, by OTLP over HTTP. The variables' names are OpenTelemetry's, so that what
 * sets them for others sets them here.
 *
 * @param endpoint the address for traces at the collector ({@code OTEL_EXPORTER_OTLP_ENDPOINT})
 * @param headers what is sent to it with them, such as a key: {@code name=value,name=value} ({@code
 *     OTEL_EXPORTER_OTLP_HEADERS})
 * @param name as whom they are sent ({@code OTEL_SERVICE_NAME})
 * @param sampling of which traces ({@code OTEL_TRACES_SAMPLER}, {@code OTEL_TRACES_SAMPLER_ARG})
 */
record CollectorSettings(
    String endpoint, Map<String, String> headers, String name, Sampling sampling) {

  /**
   * Of which traces spans are kept.
   *
   * @param asParentSays whether a caller who says decides
   * @param ratio of those that are decided here, 0 to 1
   */
  record Sampling(boolean asParentSays, double ratio) {}

  /**
   * @return empty when spans are sent nowhere: none are made then
   */
  static Optional<CollectorSettings> of(Settings settings) {
    String address =
        settings.read("OTEL_EXPORTER_OTLP_ENDPOINT", "", CollectorSettings::webAddress);
    return address.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CollectorSettings(
                address.replaceFirst("/+$", "") + "/v1/traces",
                headers(settings.text("OTEL_EXPORTER_OTLP_HEADERS", "")),
                settings.text("OTEL_SERVICE_NAME", settings.service()),
                settings.read(
                    "OTEL_TRACES_SAMPLER",
                    "parentbased_always_on",
                    sampler -> sampling(sampler, settings))));
  }

  private static String webAddress(String text) {
    if (!text.isEmpty() && !KeySource.isOnTheWeb(text)) {
      throw new IllegalArgumentException("it is a web address, as http://host:4318");
    }
    return text;
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new HashMap<>();
    for (String header : text.split(",")) {
      String[] parts = header.strip().split("=", 2);
      if (parts.length == 2) {
        headers.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return headers;
  }

  private static Sampling sampling(String sampler, Settings settings) {
    String here = sampler.replaceFirst("^parentbased_", "");
    double ratio =
        switch (here) {
          case "always_on" -> 1;
          case "always_off" -> 0;
          case "traceidratio" ->
              settings.read("OTEL_TRACES_SAMPLER_ARG", "1", CollectorSettings::ratio);
          default -> throw new IllegalArgumentException("it is not one of OpenTelemetry's");
        };
    return new Sampling(!here.equals(sampler), ratio);
  }

  private static double ratio(String text) {
    double ratio = Double.parseDouble(text);
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("not within 0 to 1");
    }
    return ratio;
  }
}
