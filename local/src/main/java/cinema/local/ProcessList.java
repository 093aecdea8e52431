package cinema.local;

import cinema.shared.contract.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** {@code $DATA/processes.json}: what runs here, for people and for tools. */
record ProcessList(List<Entry> entries) {
  /**
   * @param port 0 when it has none of its own
   */
  record Entry(String name, String service, long pid, int port) {}

  /**
   * @throws Wire.Unreadable when the text is no such list
   */
  static ProcessList read(String text) {
    return new ProcessList(List.of(Wire.decode(text, Entry[].class)));
  }

  /** Whole or not at all, so that a reader never sees half a list. */
  void write(Path data) throws IOException {
    Path fresh = data.resolve("processes.json.new");
    Files.writeString(fresh, Wire.encode(entries) + "\n");
    Files.move(
        fresh,
        data.resolve("processes.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
