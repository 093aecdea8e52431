package cinema.view;

/**
 * Why a feed is cut, and with which close code (RFC 6455 §7.4.1 and its registry; 4000 and up are
 * our own).
 */
enum Farewell {
  GOING_AWAY(1012),
  /** Its client does not read. */
  TOO_SLOW(1013),
  /** What it missed cannot be read from the store; its client comes back and asks again. */
  CANNOT_CATCH_UP(1013),
  TOKEN_EXPIRED(4401);

  private final short code;

  Farewell(int code) {
    this.code = (short) code;
  }

  short code() {
    return code;
  }
}
