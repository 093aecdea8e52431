package cinema.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest extends ViewTest {
  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/board, text/html",
    "/pickup, text/html",
    "/assets/order.js, text/javascript",
    "/assets/board.css, text/css",
    "/assets/icon.svg, image/svg+xml"
  })
  void pages_load_nothing_that_is_not_their_own(String path, String type) {
    HttpResponse<Buffer> answer = view.get(path, null);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("content-type")).startsWith(type);
    assertThat(answer.getHeader("content-security-policy"))
        .contains("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.getHeader("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.headers().getAll("cache-control")).containsExactly("no-cache");
    assertThat(answer.body().length()).isPositive();
  }

  @Test
  void letters_beyond_ascii_arrive_as_they_were_written() {
    assertThat(view.get("/", null).getHeader("content-type")).isEqualTo("text/html; charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/nothing.js",
        "/assets/",
        "/assets/..%2Fboard.html",
        "/assets/%2e%2e/%2e%2e/cinema/view/migrations/V1__order_view.sql"
      })
  void what_is_no_asset_is_not_found(String path) {
    assertThat(view.get(path, null).statusCode()).isEqualTo(404);
  }
}
