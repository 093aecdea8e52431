package cinema.shared.service;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Signing keys on disk: JWK sets (RFC 7517) of P-256 keys for ES256. The private file is readable
 * by its owner only; the public one lies beside it for everybody who verifies.
 */
public final class Keys {
  private Keys() {}

  /**
   * The keys of a JWK set file.
   *
   * @throws IllegalStateException naming the file when it cannot be used
   */
  public static List<JsonObject> read(Path file) {
    try {
      JsonArray keys = new JsonObject(Files.readString(file)).getJsonArray("keys");
      return keys.stream().map(JsonObject.class::cast).toList();
    } catch (NoSuchFileException e) {
      throw new IllegalStateException("no key file " + file, e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("key file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Makes a key pair when {@code privateFile} does not exist, and the public file in any case. */
  public static void ensure(Path privateFile, Path publicFile) {
    try {
      if (!Files.exists(privateFile)) {
        Files.createDirectories(privateFile.toAbsolutePath().getParent());
        JsonArray keys = new JsonArray().add(generate());
        Path fresh = write(privateFile, new JsonObject().put("keys", keys), "rw-------");
        try {
          Files.createLink(privateFile, fresh);
        } catch (FileAlreadyExistsException e) {
          // Another process was faster, and may be signing already.
        } finally {
          Files.delete(fresh);
        }
      }
      JsonArray shown = new JsonArray();
      for (JsonObject key : read(privateFile)) {
        JsonObject copy = key.copy();
        copy.remove("d");
        shown.add(copy);
      }
      Files.move(
          write(publicFile, new JsonObject().put("keys", shown), "rw-r--r--"),
          publicFile,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("keys cannot be kept: " + e.getMessage(), e);
    }
  }

  /** Beside the file, to take its place whole: a crash leaves the old file or the new one. */
  private static Path write(Path file, JsonObject content, String permissions) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    return Files.writeString(fresh, content.encodePrettily());
  }

  private static JsonObject generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      ECPublicKey shown = (ECPublicKey) pair.getPublic();
      return new JsonObject()
          .put("kty", "EC")
          .put("crv", "P-256")
          .put("alg", "ES256")
          .put("use", "sig")
          .put("kid", UUID.randomUUID().toString())
          .put("x", base64(shown.getW().getAffineX()))
          .put("y", base64(shown.getW().getAffineY()))
          .put("d", base64(((ECPrivateKey) pair.getPrivate()).getS()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot make a P-256 key", e);
    }
  }

  /** RFC 7518 §6.2.1.2: big-endian, exactly 32 bytes. */
  private static String base64(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] exact = new byte[32];
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, exact, 32 - length, length);
    Arrays.fill(bytes, (byte) 0);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(exact);
  }
}
