package cinema.shared.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority for tests, made by the JDK's keytool. */
public final class Authority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  /** Makes a new one. */
  public Authority(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("ca.p12");
    keytool(
        store, "-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c", "-keyalg", "EC");
  }

  /** A folder with {@code tls.crt}, {@code tls.key} and {@code ca.crt} for a member. */
  public Path member(String name) {
    try {
      Path member = Files.createDirectories(folder.resolve(name));
      Path own = member.resolve("own.p12");
      Path request = member.resolve("request");
      Path certificate = member.resolve("tls.crt");
      keytool(own, "-genkeypair", "-alias", "own", "-dname", "CN=" + name, "-keyalg", "EC");
      keytool(own, "-certreq", "-alias", "own", "-file", request.toString());
      keytool(
          store,
          "-gencert",
          "-rfc",
          "-alias",
          "ca",
          "-ext",
          "san=ip:127.0.0.1",
          "-infile",
          request.toString(),
          "-outfile",
          certificate.toString());
      KeyStore keys = load(own);
      pem(
          member.resolve("tls.key"),
          "PRIVATE KEY",
          keys.getKey("own", PASSWORD.toCharArray()).getEncoded());
      Certificate authority = load(store).getCertificate("ca");
      pem(member.resolve("ca.crt"), "CERTIFICATE", authority.getEncoded());
      return member;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static void pem(Path file, String what, byte[] content) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(content), what));
  }

  private static void keytool(Path store, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
