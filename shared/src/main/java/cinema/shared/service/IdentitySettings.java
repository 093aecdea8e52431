package cinema.shared.service;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is believed when they say who somebody is.
 *
 * @param sessionKeys where the public keys of customers' sessions are: the file or the address of a
 *     JWK set ({@code SESSION_KEYS})
 * @param staffIssuer the {@code iss} of staff tokens ({@code STAFF_ISSUER}). The one of a
 *     developer's machine gives a token to everybody who asks, so a service that others can reach
 *     does not start with it.
 * @param staffKeys where the public keys of those who vouch for staff are: the file or the address
 *     of a JWK set ({@code STAFF_KEYS}); empty: the issuer says itself where, by OpenID Connect
 *     Discovery
 * @param staffAudience the {@code aud} that staff tokens must have ({@code STAFF_AUDIENCE})
 * @param staffRolesClaim the claim that lists a member of staff's roles, such as {@code
 *     realm_access.roles} ({@code STAFF_ROLES_CLAIM})
 * @param staffRole how the role of staff is called there ({@code STAFF_ROLE})
 * @param staffBarsClaim the claim that lists the bars that a member of staff serves ({@code
 *     STAFF_BARS_CLAIM})
 */
public record IdentitySettings(
    String sessionKeys,
    String staffIssuer,
    Optional<String> staffKeys,
    String staffAudience,
    String staffRolesClaim,
    String staffRole,
    String staffBarsClaim) {

  /**
   * @throws Settings.BadSetting when one of them is not usable, or whoever is named must not be
   *     believed
   */
  public static IdentitySettings of(Settings settings) {
    String issuer =
        settings.read(
            "STAFF_ISSUER", Identity.DEV_ISSUER, name -> believable(name, settings.httpHost()));
    boolean says = KeySource.isOnTheWeb(issuer);
    String staffKeys =
        settings.read(
            "STAFF_KEYS", says ? "" : "data/keys/staff.public.json", IdentitySettings::keys);
    return new IdentitySettings(
        settings.read("SESSION_KEYS", "data/keys/sessions.public.json", IdentitySettings::keys),
        issuer,
        Optional.of(staffKeys).filter(place -> !place.isEmpty()),
        settings.text("STAFF_AUDIENCE", Identity.AUDIENCE),
        settings.text("STAFF_ROLES_CLAIM", "roles"),
        settings.text("STAFF_ROLE", Identity.STAFF),
        settings.text("STAFF_BARS_CLAIM", "bars"));
  }

  private static String believable(String issuer, String httpHost) {
    if (issuer.equals(Identity.DEV_ISSUER) && !KeySource.isHere(httpHost)) {
      throw new IllegalArgumentException(
          "it is for a developer's machine alone, and HTTP_HOST is " + httpHost);
    }
    if (KeySource.isOnTheWeb(issuer) && !KeySource.isSafe(issuer)) {
      throw new IllegalArgumentException("it must be https");
    }
    return issuer;
  }

  private static String keys(String place) {
    if (!KeySource.isOnTheWeb(place)) {
      return Path.of(place).toString();
    }
    if (!KeySource.isSafe(place)) {
      throw new IllegalArgumentException("it must be https");
    }
    return place;
  }

  /** Where the keys of sessions are when that is a file. */
  public Optional<Path> sessionKeysFile() {
    return Optional.of(sessionKeys).filter(place -> !KeySource.isOnTheWeb(place)).map(Path::of);
  }
}
