package cinema.servers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where a server keeps its data: owned by one process at a time, and free once that is gone. */
record DataDirectory(Path path, FileChannel lock) implements AutoCloseable {
  // A broker whose parent was killed needs a moment to end, and so does a JVM that is closing.
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LARGE_LOG = 10_000_000;
  // A lock that nothing refers to would be given up by the garbage collector.
  private static final Set<DataDirectory> OWNED = ConcurrentHashMap.newKeySet();

  /** Creates the directory if need be and says its one true name, links resolved. */
  static Path create(Path path) {
    try {
      return Files.createDirectories(path).toRealPath();
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  static DataDirectory own(Path directory) {
    return own(directory, PATIENCE);
  }

  static DataDirectory own(Path directory, Duration patience) {
    Path path = create(directory);
    try {
      FileChannel file =
          FileChannel.open(
              path.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!Patience.until(patience, () -> isLocked(file))) {
        file.close();
        throw new ServerFailed("Data directory " + path + " is in use by another process.");
      }
      DataDirectory owned = new DataDirectory(path, file);
      OWNED.add(owned);
      return owned;
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Where to append: a log that goes on still tells why the last server died. */
  static Path log(Path directory, String name) throws IOException {
    Path log = directory.resolve(name);
    if (Files.exists(log) && Files.size(log) > LARGE_LOG) {
      Files.delete(log);
    }
    return log;
  }

  @Override
  public void close() throws IOException {
    OWNED.remove(this);
    lock.close();
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this JVM has it
    }
  }

  private static ServerFailed unusable(Path path, IOException e) {
    String why =
        switch (e) {
          case FileAlreadyExistsException file -> "it is a file.";
          case AccessDeniedException denied -> "permission is denied.";
          default -> e.toString();
        };
    return new ServerFailed("Data directory " + path + " cannot be used: " + why, e);
  }
}
