package cinema.local;

import cinema.servers.FreePort;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Where a whole local run fits between what runs on this machine already. */
final class Ports {
  private static final int NEEDED = 14;
  private static final int NEEDED_BY_A_CLUSTER = 100;

  private Ports() {}

  /**
   * The first of enough free ports in a row; below the ephemeral range, where clients come from.
   */
  static int block() {
    return block(NEEDED);
  }

  /** As {@link #block()}, for {@code ./run cluster}. */
  static int cluster() {
    return block(NEEDED_BY_A_CLUSTER);
  }

  private static int block(int needed) {
    while (true) {
      int base = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      if (IntStream.range(base, base + needed).allMatch(FreePort::isFree)) {
        return base;
      }
    }
  }
}
