package cinema.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ReducedMotion;

/** What people look at. */
final class Screens {
  private Screens() {}

  static Browser.NewContextOptions phone(String language) {
    return of(390, 844, language).setHasTouch(true).setIsMobile(true).setDeviceScaleFactor(2);
  }

  static Browser.NewContextOptions tablet(String language) {
    return of(1180, 820, language).setHasTouch(true);
  }

  static Browser.NewContextOptions desktop(String language) {
    return of(1920, 1080, language);
  }

  private static Browser.NewContextOptions of(int width, int height, String language) {
    return new Browser.NewContextOptions()
        .setViewportSize(width, height)
        .setLocale(language)
        .setTimezoneId("Asia/Seoul")
        .setReducedMotion(ReducedMotion.REDUCE);
  }
}
