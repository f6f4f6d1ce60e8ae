package dev.usher.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** Writes responses as HTTP, with what keeps pages from doing anything but what they are for. */
final class ResponseWriter {
  /** Scripts and styles are files of ours; Pico's own pictures are data. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

  /** What a template makes of a model. */
  String render(String template, Map<String, Object> model) {
    StringOutput output = new StringOutput();
    engine.render(template, model, output);
    return output.toString();
  }

  void write(RoutingContext context, Response response) {
    HttpServerResponse http = context.response();
    if (http.ended() || http.closed()) {
      return;
    }
    protect(http);
    switch (response) {
      case Response.Html(int status, String template, Map<String, Object> model) ->
          http.setStatusCode(status)
              .putHeader("content-type", "text/html; charset=utf-8")
              .end(render(template, model));
      case Response.See(String address) -> see(context, address);
      case Response.Data(var json) ->
          http.putHeader("content-type", "application/json").end(json.toString());
      case Response.Download(String name, byte[] bytes) ->
          http.putHeader("content-type", "application/octet-stream")
              .putHeader("content-disposition", "attachment; filename=\"" + name + "\"")
              .end(Buffer.buffer(bytes));
    }
  }

  static void protect(HttpServerResponse http) {
    http.putHeader("content-security-policy", POLICY)
        .putHeader("cache-control", "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("cross-origin-opener-policy", "same-origin");
  }

  /** A script that loads a part of a page would put the other page in its place. */
  private static void see(RoutingContext context, String address) {
    boolean part = context.request().headers().contains("hx-request");
    context
        .response()
        .setStatusCode(part ? 204 : 303)
        .putHeader(part ? "hx-redirect" : "location", address)
        .end();
  }
}
