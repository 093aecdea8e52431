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
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Signing keys on disk: JWK sets (RFC 7517) of P-256 keys for ES256. The private file is readable
 * by its owner only; the public one lies beside it for everybody who verifies.
 */
public final class Keys {
  /** Our own member of a key: since when it is there, in seconds of the epoch. */
  private static final String SINCE = "iat";

  /** Who verifies reads the keys again every minute. */
  static final Duration UNTIL_KNOWN_EVERYWHERE = Duration.ofMinutes(2);

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

  /** Makes a key pair when there is none, and writes what others may know of it. */
  public static void ensure(Path privateFile, Path publicFile) {
    ensure(privateFile);
    publish(privateFile, publicFile);
  }

  /** Makes a key pair when there is none. */
  public static void ensure(Path privateFile) {
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
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  /** Writes what others may know of the keys. */
  public static void publish(Path privateFile, Path publicFile) {
    try {
      replace(publicFile, shown(read(privateFile)), "rw-r--r--");
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  /**
   * Puts a new key before those that are there, of which the newest stays: what it has signed is
   * good until it expires, or until the next time. Nothing needs to be restarted.
   */
  public static void rotate(Path privateFile, Path publicFile, Instant now) {
    try {
      JsonArray keys =
          new JsonArray()
              .add(generate().put(SINCE, now.getEpochSecond()))
              .add(read(privateFile).getFirst());
      replace(privateFile, new JsonObject().put("keys", keys), "rw-------");
      publish(privateFile, publicFile);
    } catch (IOException e) {
      throw notKept(e);
    }
  }

  /** The newest, once everybody who verifies must have read it. */
  static JsonObject toSignWith(List<JsonObject> keys, Instant now) {
    return keys.stream()
        .filter(key -> key.getLong(SINCE, 0L) <= now.minus(UNTIL_KNOWN_EVERYWHERE).getEpochSecond())
        .findFirst()
        .orElse(keys.getLast());
  }

  /** The public halves, as a JWK set. */
  static JsonObject shown(List<JsonObject> keys) {
    JsonArray shown = new JsonArray();
    for (JsonObject key : keys) {
      JsonObject copy = key.copy();
      copy.remove("d");
      shown.add(copy);
    }
    return new JsonObject().put("keys", shown);
  }

  private static UncheckedIOException notKept(IOException failure) {
    return new UncheckedIOException("keys cannot be kept: " + failure.getMessage(), failure);
  }

  private static void replace(Path file, JsonObject content, String permissions)
      throws IOException {
    Files.move(
        write(file, content, permissions),
        file,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
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
