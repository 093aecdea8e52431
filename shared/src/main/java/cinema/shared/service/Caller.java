package cinema.shared.service;

import java.time.Instant;
import java.util.Set;

/**
 * Who is asking, as a verified token says.
 *
 * @param id the token's subject
 * @param places what a member of staff may serve; empty for others
 * @param expires when the token ends
 */
public record Caller(String id, Role role, Set<String> places, Instant expires) {
  /** What a caller may be. */
  public enum Role {
    CUSTOMER,
    STAFF
  }

  public boolean serves(String place) {
    return role == Role.STAFF && places.contains(place);
  }
}
