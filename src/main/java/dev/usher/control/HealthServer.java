package dev.usher.control;

import dev.usher.config.Listener;
import dev.usher.door.Opening;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port: metrics, liveness and readiness. Meant for the machine room, not the world.
 */
public final class HealthServer {
  private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Listener listener;
  private final HttpServer server;
  private final boolean exemplars;
  private final Function<Format, Future<String>> scrape;
  private final Supplier<Future<Readiness>> readiness;

  /** How metrics are written; only OpenMetrics has a place for exemplars. */
  public enum Format {
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }
  }

  /**
   * Whether the gateway can take events.
   *
   * @param ready Postgres answers, and the gateway is neither starting nor stopping
   * @param postgres {@code up} or {@code down}
   * @param redis {@code up}, or {@code down}: then the gateway is degraded and still ready
   */
  public record Readiness(boolean ready, String status, String postgres, String redis) {
    JsonObject toJson() {
      return new JsonObject()
          .put("status", status)
          .put("checks", new JsonObject().put("postgres", postgres).put("redis", redis));
    }
  }

  /**
   * @param scrape gives the metrics
   * @param exemplars whether there are any, and OpenMetrics is spoken for them with whoever asks
   */
  public HealthServer(
      Vertx vertx,
      Listener listener,
      Function<Format, Future<String>> scrape,
      boolean exemplars,
      Supplier<Future<Readiness>> readiness) {
    this.listener = listener;
    this.scrape = scrape;
    this.exemplars = exemplars;
    this.readiness = readiness;
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setTracingPolicy(TracingPolicy.IGNORE))
            .requestHandler(this::handle);
  }

  /** Begins to listen; gives the port. */
  public Future<Integer> listen() {
    Future<HttpServer> listening = server.listen(listener.port(), listener.host());
    return Opening.of("management", listener, listening).map(HttpServer::actualPort);
  }

  public Future<Void> close() {
    return server.shutdown(500, TimeUnit.MILLISECONDS);
  }

  private void handle(HttpServerRequest request) {
    if (!READS.contains(request.method())) {
      request.response().setStatusCode(405).putHeader(HttpHeaders.ALLOW, "GET, HEAD").end();
      return;
    }
    switch (request.path()) {
      case "/metrics" ->
          scrape
              .apply(format(request))
              .onComplete(
                  text ->
                      request
                          .response()
                          .putHeader(HttpHeaders.CONTENT_TYPE, format(request).contentType())
                          .end(text),
                  failure -> {
                    LOG.error("The metrics cannot be told", failure);
                    request.response().setStatusCode(500).end();
                  });
      case "/health/live" -> answer(request, 200, new JsonObject().put("status", "live"));
      case "/health/ready" ->
          readiness
              .get()
              .onSuccess(state -> answer(request, state.ready() ? 200 : 503, state.toJson()));
      case null, default ->
          answer(request, 404, new JsonObject().put("status", 404).put("title", "Not found"));
    }
  }

  private Format format(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    return exemplars && accepted != null && accepted.contains("application/openmetrics-text")
        ? Format.OPEN_METRICS
        : Format.PROMETHEUS;
  }

  private static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body.toBuffer());
  }
}
