package cinema.shared.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
  @TempDir Path directory;
  private Path secret;
  private Path shown;

  @BeforeEach
  void make() {
    secret = directory.resolve("keys/sessions.private.json");
    shown = directory.resolve("keys/sessions.public.json");
    Keys.ensure(secret, shown);
  }

  @Test
  void only_its_owner_reads_the_private_file() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    try (var files = Files.list(secret.getParent())) {
      assertThat(files).containsExactlyInAnyOrder(secret, shown);
    }
  }

  @Test
  void the_public_file_has_the_same_key_without_its_secret() {
    var key = Keys.read(secret).getFirst();
    assertThat(key.getString("d")).hasSize(43);
    key.remove("d");
    assertThat(Keys.read(shown)).isEqualTo(List.of(key));
    assertThat(key.fieldNames())
        .containsExactlyInAnyOrder("kty", "crv", "alg", "use", "kid", "x", "y");
  }

  @Test
  void keys_that_are_there_are_kept_and_shown_again() throws IOException {
    String before = Files.readString(secret);
    Files.delete(shown);
    Keys.ensure(secret, shown);
    assertThat(secret).hasContent(before);
    assertThat(Keys.read(shown).getFirst().getString("kid"))
        .isEqualTo(Keys.read(secret).getFirst().getString("kid"));
  }

  @Test
  void processes_that_start_together_agree_on_one_key() {
    Path fresh = directory.resolve("fresh.private.json");
    Set<List<JsonObject>> keys = ConcurrentHashMap.newKeySet();
    Runnable start =
        () -> {
          Keys.ensure(fresh, directory.resolve("fresh.public.json"));
          keys.add(Keys.read(fresh));
        };
    CompletableFuture.allOf(
            Stream.generate(
                    () -> CompletableFuture.runAsync(start, task -> new Thread(task).start()))
                .limit(8)
                .toArray(CompletableFuture[]::new))
        .join();
    assertThat(keys).containsExactly(Keys.read(fresh));
  }

  @Test
  void a_file_that_cannot_be_used_is_named() throws IOException {
    Files.writeString(shown, "{}");
    assertThatThrownBy(() -> Keys.read(shown))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(shown.toString());
    Files.delete(shown);
    assertThatThrownBy(() -> Keys.read(shown)).hasMessage("no key file " + shown);
  }
}
