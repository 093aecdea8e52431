package cinema.order;

import cinema.shared.service.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * order-verticle's own environment variables.
 *
 * @param signingKeys private JWK set that signs guest sessions ({@code SESSION_SIGNING_KEYS}); made
 *     when absent
 * @param sessionLife how long a guest session holds ({@code SESSION_MINUTES})
 * @param cancelTimeout how long the bar may take to answer a cancel ({@code CANCEL_TIMEOUT_MS});
 *     shorter than the breaker's own
 * @param cancelRetry how often an unanswered cancel is asked again ({@code CANCEL_RETRY_MS})
 * @param reannounce how long the bar may leave an order unconfirmed before it is announced again
 *     ({@code REANNOUNCE_MS})
 * @param breakerFailures silences within the window that open the breaker ({@code
 *     BREAKER_FAILURES}); an answer in between clears the window, so few are enough
 * @param breakerWindow {@code BREAKER_WINDOW_MS}
 * @param breakerTimeout {@code BREAKER_TIMEOUT_MS}
 * @param breakerReset from open to the next probe ({@code BREAKER_RESET_MS})
 */
record OrderSettings(
    Path signingKeys,
    Duration sessionLife,
    Duration cancelTimeout,
    Duration cancelRetry,
    Duration reannounce,
    int breakerFailures,
    Duration breakerWindow,
    Duration breakerTimeout,
    Duration breakerReset) {

  static OrderSettings of(Settings settings) {
    return new OrderSettings(
        settings.path("SESSION_SIGNING_KEYS", "data/keys/sessions.private.json"),
        Duration.ofMinutes(settings.number("SESSION_MINUTES", 720, 1, 100_000)),
        settings.millis("CANCEL_TIMEOUT_MS", 500),
        settings.millis("CANCEL_RETRY_MS", 500),
        settings.millis("REANNOUNCE_MS", 5000),
        settings.number("BREAKER_FAILURES", 5, 1, 1000),
        settings.millis("BREAKER_WINDOW_MS", 10_000),
        settings.millis("BREAKER_TIMEOUT_MS", 600),
        settings.millis("BREAKER_RESET_MS", 400));
  }
}
