package cinema.view;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;

/**
 * The pages: the order page for customers, the board for staff, the pickup screen for everybody.
 * Nothing they load leaves the origin.
 */
final class Pages {
  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  private Pages() {}

  static void mount(Router router) {
    router.get("/").handler(context -> page(context, "web/order.html"));
    router.get("/board").handler(context -> page(context, "web/board.html"));
    router.get("/pickup").handler(context -> page(context, "web/pickup.html"));
    router
        .get("/assets/*")
        .handler(Pages::guard)
        .handler(StaticHandler.create("web/assets").setCachingEnabled(false));
  }

  private static void page(RoutingContext context, String file) {
    guard(context.response());
    context.response().putHeader("content-type", "text/html; charset=utf-8").sendFile(file);
  }

  private static void guard(RoutingContext context) {
    guard(context.response());
    context.next();
  }

  private static void guard(io.vertx.core.http.HttpServerResponse response) {
    response
        .putHeader("content-security-policy", POLICY)
        // Asked for again each time, so that a page never meets another release's modules.
        .putHeader("cache-control", "no-cache")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "same-origin");
  }
}
