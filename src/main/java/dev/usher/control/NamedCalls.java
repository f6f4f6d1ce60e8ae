package dev.usher.control;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Tells who traces calls which route answered each: the method is known from its begin, the route
 * only when it was found.
 *
 * @param current gives who takes the method and the route of the call that begins, as {@code
 *     /v1/events/{id}}
 */
public record NamedCalls(Supplier<BiConsumer<String, String>> current) {
  private static final Pattern PARAMETER = Pattern.compile(":([a-z_]+)");

  /** Before all other routes of {@code router}. */
  public Router addTo(Router router) {
    router.route().order(-1).handler(this::begin);
    return router;
  }

  private void begin(RoutingContext context) {
    BiConsumer<String, String> call = current.get();
    context.addHeadersEndHandler(_ -> tell(context, call));
    context.next();
  }

  private static void tell(RoutingContext context, BiConsumer<String, String> call) {
    var answered = context.currentRoute();
    if (answered != null && answered.getPath() != null) {
      String route = PARAMETER.matcher(answered.getPath()).replaceAll("{$1}");
      call.accept(context.request().method().name(), route);
    }
  }
}
