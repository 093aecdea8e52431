package cinema.gatling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void load_stays_on_this_machine() {
    assertThat(with(Map.of()).baseUrl()).hasToString("http://127.0.0.1:8080");
    assertThat(with(Map.of("BASE_URL", "http://127.8.8.8:9/")).baseUrl())
        .hasToString("http://127.8.8.8:9");
    assertThat(with(Map.of("BASE_URL", "http://[::1]:8080")).baseUrl().getPort()).isEqualTo(8080);
  }

  @Test
  void load_goes_elsewhere_only_when_somebody_says_so() {
    Map<String, String> elsewhere = Map.of("BASE_URL", "http://192.0.2.1:8080");
    assertThatThrownBy(() -> with(elsewhere).baseUrl()).hasMessageContaining("ALLOW_REMOTE");
    assertThat(with(Map.of("BASE_URL", "http://192.0.2.1:8080", "ALLOW_REMOTE", "true")).baseUrl())
        .hasHost("192.0.2.1");
  }

  @Test
  void an_address_without_a_port_or_scheme_is_refused() {
    for (String url : new String[] {"127.0.0.1:8080", "http://127.0.0.1", "https://127.0.0.1:1"}) {
      assertThatThrownBy(() -> with(Map.of("BASE_URL", url)).baseUrl())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_number_that_makes_no_sense_is_refused_by_name() {
    assertThat(with(Map.of("WARMUP_SECONDS", "0")).warmupSeconds()).isZero();
    assertThatThrownBy(() -> with(Map.of("RATE", "0")).rate()).hasMessageContaining("RATE");
    assertThatThrownBy(() -> with(Map.of("ORDERS", "many")).orders())
        .hasMessageContaining("ORDERS");
  }

  @Test
  void the_other_build_has_ports_and_data_of_its_own() {
    Map<String, String> both =
        Map.of("PORT", "18080", "RATE", "7", "OTHER_PORT", "18180", "OTHER_DATA", "/other");
    Settings other = with(both).ofOther();
    assertThat(other.baseUrl()).hasPort(18180);
    assertThat(other.ordersUrl()).hasPort(18181);
    assertThat(other.screensUrl()).hasPort(18184);
    assertThat(other.databaseUrl()).contains(":18190/");
    assertThat(other.data()).hasToString("/other");
    assertThat(other.rate()).isEqualTo(7);
    assertThatThrownBy(() -> with(Map.of()).ofOther()).hasMessageContaining("OTHER_PORT");
  }

  private static Settings with(Map<String, String> given) {
    return new Settings(given::get);
  }
}
