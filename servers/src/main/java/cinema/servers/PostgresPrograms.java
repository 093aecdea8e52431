package cinema.servers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's initdb, pg_ctl and postgres from zonky's archives, unpacked once for this user.
 *
 * <p>zonky's own EmbeddedPostgres is not used: killed in the middle it leaves half of the programs
 * or half of a database and then trusts them, and it reports every failure as ten silent seconds.
 */
final class PostgresPrograms {
  private static Path unpacked;

  /** How a program ended and what it said. */
  record Outcome(boolean isGood, String output) {}

  private PostgresPrograms() {}

  static Outcome run(String program, Object... arguments) throws IOException {
    return run(command(program, arguments));
  }

  static List<String> command(String program, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    Path self = Path.of("/proc/self"); // on Linux only, as is unshare
    if (Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0)) {
      // PostgreSQL refuses to run as root; in a user namespace of its own it does not see that.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(directory().resolve("bin").resolve(program).toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  static void remove(Path directory) throws IOException {
    run(List.of("rm", "-rf", directory.toString()));
  }

  private static Outcome run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C"); // causes of failures are found by English words
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(ended(process), output);
  }

  private static synchronized Path directory() throws IOException {
    if (unpacked != null && Files.exists(unpacked)) {
      return unpacked;
    }
    byte[] archive = archive();
    CRC32 version = new CRC32();
    version.update(archive);
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "intermission");
    Path directory = cache.resolve("postgres-" + Long.toHexString(version.getValue()));
    if (!Files.exists(directory)) {
      // Under another name first, so that a kill leaves no half of it and two starts no mixture.
      Path unfinished = Files.createTempDirectory(Files.createDirectories(cache), "unpacking-");
      unpack(archive, unfinished);
      try {
        Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        remove(unfinished);
        if (!Files.exists(directory)) { // else another process was faster
          throw e;
        }
      }
    }
    return unpacked = directory;
  }

  private static byte[] archive() throws IOException {
    String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String processor = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    String name = "postgres-" + system + "-" + processor + ".txz";
    try (InputStream archive = PostgresPrograms.class.getResourceAsStream("/" + name)) {
      if (archive == null) {
        throw new ServerFailed("There is no PostgreSQL for this machine: no " + name + ".");
      }
      return archive.readAllBytes();
    }
  }

  private static void unpack(byte[] archive, Path directory) throws IOException {
    Process tar = new ProcessBuilder("tar", "-xof", "-", "-C", directory.toString()).start();
    try (InputStream files = new XZInputStream(new ByteArrayInputStream(archive));
        OutputStream input = tar.getOutputStream()) {
      files.transferTo(input);
    }
    if (!ended(tar)) {
      throw new ServerFailed("PostgreSQL's programs cannot be unpacked in " + directory + ".");
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      throw ServerFailed.interrupted(e);
    }
  }
}
