package cinema.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What kustomize makes of one folder. */
record Manifests(List<JsonNode> documents) {
  private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);

  /** Whether this machine can make any. */
  static boolean canBeRendered() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
  }

  /** The YAML of a folder with a kustomization. */
  static String render(String folder) {
    try {
      Process kubectl =
          new ProcessBuilder("kubectl", "kustomize", folder)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String yaml = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kubectl.waitFor() != 0) {
        throw new AssertionError("kubectl kustomize " + folder + " failed");
      }
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static Manifests of(String yaml) {
    try {
      return new Manifests(YAML.<JsonNode>readValues(yaml).readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<JsonNode> all(String kind) {
    return documents.stream().filter(document -> kind.equals(document.at("/kind").asText()));
  }

  /** Missing when there is none. */
  JsonNode named(String kind, String name) {
    return all(kind)
        .filter(document -> name.equals(nameOf(document)))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  static String nameOf(JsonNode document) {
    return document.at("/metadata/name").asText();
  }

  /** Everything below a place, such as {@code /spec/ports}; nothing when it is not there. */
  static Stream<JsonNode> each(JsonNode document, String place) {
    return StreamSupport.stream(document.at(place).spliterator(), false);
  }
}
