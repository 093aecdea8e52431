package cinema.shared.service;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.UUID;

/** Makes ids: UUIDv7 (RFC 9562), so that rows written together lie together. */
public final class Ids {
  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  private Ids() {}

  /** Later ids of this process sort after earlier ones. */
  public static UUID next() {
    return GENERATOR.generate();
  }

  /** The smallest id that can have been made at this instant (RFC 9562 §5.7). */
  public static UUID floor(Instant instant) {
    return new UUID(instant.toEpochMilli() << 16 | 0x7000L, 0x8000000000000000L);
  }

  /** When an id was made, to the millisecond (RFC 9562 §5.7). */
  public static Instant timeOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /**
   * @throws Problem.Thrown 404 when the text is no UUID: there is no such thing
   */
  public static UUID parse(String text, String what) {
    try {
      if (text != null && text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      // Falls through: an id that cannot exist is answered like one that does not.
    }
    throw Problem.notFound(what).thrown();
  }
}
