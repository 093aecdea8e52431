package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
  static Stream<Arguments> bad() {
    return Stream.of(
        of("HTTP_PORT", "http", Settings::httpPort),
        of("HTTP_PORT", "65536", Settings::httpPort),
        of("HTTP_PORT", "", Settings::httpPort),
        of("DATABASE_CONNECTIONS", "0", Settings::databaseConnections),
        of("KAFKA_PARTITIONS", "8 ", Settings::kafkaPartitions),
        of("TIME_ZONE", "Mars/Olympus", Settings::timeZone),
        of("STAFF_KEYS", "\0", IdentitySettings::of),
        of("SESSION_KEYS", "http://order.example/session-keys", IdentitySettings::of),
        of("STAFF_ISSUER", "http://id.example/realms/cinema", IdentitySettings::of),
        of("CLUSTER_PORT", "-1", ClusterSettings::of),
        of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", CollectorSettings::of),
        of("PATIENCE", "-1", settings -> settings.millis("PATIENCE", 500)));
  }

  private static Arguments of(String variable, String value, Function<Settings, Object> read) {
    return Arguments.of(variable, value, read);
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_bad_value_is_refused_by_the_name_of_its_variable(
      String variable, String value, Function<Settings, Object> read) {
    Settings settings = Settings.of("order", Map.of(variable, value));
    assertThatThrownBy(() -> read.apply(settings))
        .isInstanceOf(Settings.BadSetting.class)
        .hasMessageStartingWith(variable + "=" + value + " ");
  }

  @Test
  void what_is_not_set_has_the_value_of_a_local_run() {
    Settings settings = Settings.of("order", Map.of());
    assertThat(settings.schema()).isEqualTo("order");
    assertThat(settings.kafkaPartitions()).isEqualTo(8);
    assertThat(ClusterSettings.of(settings).members()).containsExactly("127.0.0.1:8092");
    assertThat(settings.timeZone()).hasToString("Asia/Seoul");
  }

  @Test
  void a_service_that_others_reach_does_not_believe_the_issuer_of_a_developers_machine() {
    Settings reachable = Settings.of("order", Map.of("HTTP_HOST", "0.0.0.0"));
    assertThatThrownBy(() -> IdentitySettings.of(reachable))
        .isInstanceOf(Settings.BadSetting.class)
        .hasMessageContaining("STAFF_ISSUER=intermission/dev")
        .hasMessageContaining("HTTP_HOST is 0.0.0.0");

    IdentitySettings production =
        IdentitySettings.of(reachable.with(Map.of("STAFF_ISSUER", "https://id.example")));
    assertThat(production.staffIssuer()).isEqualTo("https://id.example");
    assertThat(production.staffKeys()).isEmpty();
  }

  @Test
  void settings_may_be_changed_in_a_copy() {
    Settings settings = Settings.of("order", Map.of("HTTP_PORT", "1", "CLUSTER_MEMBERS", ""));
    Settings changed = settings.with(Map.of("HTTP_PORT", "2"));
    assertThat(changed.httpPort()).isEqualTo(2);
    assertThat(ClusterSettings.of(changed).members()).isEmpty();
    assertThat(settings.httpPort()).isEqualTo(1);
  }
}
