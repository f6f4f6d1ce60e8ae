package dev.usher.console;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a browser posts. */
sealed interface Form {
  /** More than any form of ours holds; an event type's schema and sample are the longest. */
  int LIMIT_BYTES = 512 * 1024;

  int MOST_FIELDS = 500;

  /** Fields by name. */
  record Read(Map<String, List<String>> fields) implements Form {}

  /** Not a form of ours. */
  record Refused(int status) implements Form {}

  /** The form of a request; none where it is a GET. */
  static Future<Form> of(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    String length = request.getHeader("content-length");
    boolean form =
        type != null
            && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
    boolean none = "GET".equals(request.method().name()) || "0".equals(length);
    if (none) {
      return Future.succeededFuture(new Read(Map.of()));
    }
    if (!form) {
      return Future.succeededFuture(new Refused(415));
    }
    if (length == null || length.length() > 9 || Long.parseLong(length) > LIMIT_BYTES) {
      return Future.succeededFuture(new Refused(413));
    }
    return request
        .body()
        .map(
            body ->
                new Read(
                    new QueryStringDecoder(
                            body.toString(StandardCharsets.UTF_8),
                            StandardCharsets.UTF_8,
                            false,
                            MOST_FIELDS)
                        .parameters()));
  }
}
