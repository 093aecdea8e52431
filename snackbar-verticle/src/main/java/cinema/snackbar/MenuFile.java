package cinema.snackbar;

import cinema.shared.contract.Bar;
import cinema.shared.contract.MenuItem;
import cinema.shared.contract.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The bars and menus that a cinema starts with. */
record MenuFile(List<Entry> bars) {
  /**
   * @param names in other languages by BCP 47 tag
   */
  record Entry(String barId, String name, Map<String, String> names, List<MenuItem> items) {}

  /**
   * Reads {@code MENU_FILE}, or the menu that comes with this service.
   *
   * @param path empty for the one that comes with this service
   */
  static MenuFile read(String path) {
    try {
      if (!path.isEmpty()) {
        return Wire.decode(Files.readString(Path.of(path)), MenuFile.class);
      }
      try (InputStream in = MenuFile.class.getResourceAsStream("menu.json")) {
        return Wire.decode(new String(in.readAllBytes(), StandardCharsets.UTF_8), MenuFile.class);
      }
    } catch (IOException e) {
      throw new IllegalStateException("MENU_FILE=" + path + " cannot be read", e);
    }
  }

  List<Bar> described() {
    return bars.stream().map(each -> new Bar(each.barId, each.name, each.names)).toList();
  }

  Map<String, List<MenuItem>> items() {
    return bars.stream().collect(Collectors.toMap(Entry::barId, Entry::items));
  }
}
