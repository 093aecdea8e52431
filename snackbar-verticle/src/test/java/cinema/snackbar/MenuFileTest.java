package cinema.snackbar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cinema.shared.contract.Bar;
import cinema.shared.contract.MenuItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MenuFileTest {
  private static final String HANGUL = ".*\\p{IsHangul}.*";

  @TempDir Path directory;

  @Test
  void a_cinema_starts_with_two_bars_with_a_dozen_items_each_named_in_korean_too() {
    MenuFile file = MenuFile.read("");

    assertThat(file.described()).extracting(Bar::barId).containsExactly("lobby", "roof");
    assertThat(file.described())
        .allSatisfy(bar -> assertThat(bar.names().get("ko")).matches(HANGUL));
    assertThat(file.items().keySet()).containsExactlyInAnyOrder("lobby", "roof");
    assertThat(file.items().values())
        .allSatisfy(
            items -> {
              assertThat(items).hasSizeGreaterThanOrEqualTo(12);
              assertThat(items).extracting(MenuItem::itemId).doesNotHaveDuplicates();
              assertThat(items)
                  .allSatisfy(
                      item -> {
                        assertThat(item.itemId()).matches("[a-z0-9][a-z0-9-]{0,62}");
                        assertThat(item.names().get("ko")).matches(HANGUL);
                        assertThat(item.price()).isPositive();
                        assertThat(item.currency()).isEqualTo("KRW");
                        assertThat(item.prepSeconds()).isPositive();
                        assertThat(item.sellable()).isTrue();
                      });
            });
  }

  @Test
  void a_cinema_may_bring_its_own() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("menu.json"),
            """
            {"bars": [{"barId": "foyer", "name": "Foyer", "names": {}, "items": [
              {"itemId": "tea", "name": "Tea", "names": {}, "price": 250, "currency": "EUR",
               "prepSeconds": 90, "available": true, "stock": 4}]}]}
            """);

    MenuFile read = MenuFile.read(file.toString());

    assertThat(read.described()).containsExactly(new Bar("foyer", "Foyer", Map.of()));
    assertThat(read.items())
        .isEqualTo(
            Map.of(
                "foyer", List.of(new MenuItem("tea", "Tea", Map.of(), 250, "EUR", 90, true, 4))));
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> MenuFile.read("/no/such/menu.json"))
        .hasMessageContaining("MENU_FILE=/no/such/menu.json");
  }
}
