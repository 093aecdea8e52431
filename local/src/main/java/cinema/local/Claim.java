package cinema.local;

import cinema.servers.FreePort;
import cinema.shared.service.Keys;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A run's hold on its data directory: one run at a time, since two would fight over the same
 * servers. Held for as long as this JVM lives; the system gives it up with the process.
 */
record Claim(FileChannel lock) {
  /**
   * Takes the directory, makes sure that the ports are free and that there are signing keys.
   *
   * @throws CannotStart when another run has the directory or another program a port
   */
  static Claim on(Place place, List<Integer> ports) {
    Claim claim = new Claim(lock(place));
    for (int port : ports) {
      if (!FreePort.isFree(port)) {
        throw new CannotStart(
            "port " + port + " is in use; free it, or move everything with PORT=<another>");
      }
    }
    Keys.ensure(place.key("sessions.private.json"), place.key("sessions.public.json"));
    Keys.ensure(place.key("staff.private.json"), place.key("staff.public.json"));
    return claim;
  }

  private static FileChannel lock(Place place) {
    try {
      Files.createDirectories(place.data());
      FileChannel file =
          FileChannel.open(
              place.data().resolve("run.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (file.tryLock() != null) {
        return file;
      }
      file.close();
    } catch (OverlappingFileLockException e) {
      // This JVM has it: said below.
    } catch (IOException e) {
      throw new CannotStart("the data directory " + place.data() + " cannot be used: " + e);
    }
    throw new CannotStart("the data directory " + place.data() + " is in use by another run");
  }
}
