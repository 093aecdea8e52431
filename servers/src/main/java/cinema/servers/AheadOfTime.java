package cinema.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a JVM has learnt in a rehearsal, for those that are started later (JEP 483, JEP 515): a
 * cache that fits the libraries and the JDK it was written with, and is passed over where it does
 * not.
 */
public final class AheadOfTime {
  /** The first JDK that writes such a cache in one go. */
  public static final int SINCE = 25;

  private AheadOfTime() {}

  /** Whether this JDK writes and reads such caches. */
  public static boolean isKnown() {
    return Runtime.version().feature() >= SINCE;
  }

  /** What makes a JVM of this JDK begin with it; nothing where there is no such file. */
  public static List<String> from(Path cache) {
    return isKnown() && Files.exists(cache)
        // Should it not fit, everything works without it, and nobody needs to hear.
        ? List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr")
        : List.of();
  }
}
