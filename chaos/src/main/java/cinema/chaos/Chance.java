package cinema.chaos;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where all randomness comes from. Everybody who acts has a source of its own, derived from the one
 * seed and a name, so that what one does hardly depends on how fast another is.
 */
final class Chance {
  /** Named, because a JDK's default may change and a seed is to mean the same for ever. */
  private static final String ALGORITHM = "L64X128MixRandom";

  private Chance() {}

  /**
   * @param actor says who draws, such as {@code staff} or an order's id
   */
  static RandomGenerator of(long seed, String actor) {
    long mixed = seed * 0x9E3779B97F4A7C15L + actor.hashCode() * 0xBF58476D1CE4E5B9L;
    return RandomGeneratorFactory.of(ALGORITHM).create(mixed);
  }

  /** Both ends included, in whole milliseconds. */
  static Duration between(RandomGenerator random, Duration least, Duration most) {
    return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
  }

  /**
   * @param share from 0, never, to 1, always
   */
  static boolean happens(RandomGenerator random, double share) {
    return random.nextDouble() < share;
  }
}
