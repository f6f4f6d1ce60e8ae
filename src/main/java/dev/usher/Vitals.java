package dev.usher;

import dev.usher.control.HealthServer.Format;
import dev.usher.control.HealthServer.Readiness;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What the management port says of a node: whether it can take events, and its metrics. */
final class Vitals {
  private static final Duration READINESS_TIMEOUT = Duration.ofSeconds(2);

  private final Node node;
  private final Pipelines pipelines;
  private volatile boolean serving;
  private final Map<Format, Future<String>> scraping = new ConcurrentHashMap<>();

  Vitals(Node node, Pipelines pipelines) {
    this.node = node;
    this.pipelines = pipelines;
  }

  /** Says that the node has started, or is about to stop. */
  void serving(boolean serving) {
    this.serving = serving;
  }

  /**
   * Not on an event loop: writing some thousand lines would hold up the requests behind it. One is
   * for all who ask while it is written.
   */
  Future<String> scrape(Format format) {
    Future<String> underWay = scraping.get(format);
    if (underWay == null || underWay.isComplete()) {
      underWay = node.vertx.executeBlocking(() -> node.runtime.scrape(format.contentType()));
      scraping.put(format, underWay);
    }
    return underWay;
  }

  /** Postgres decides readiness; without Redis every event costs a trip more, and none is lost. */
  Future<Readiness> readiness() {
    boolean redis = pipelines.redisIsUp();
    return node.pool
        .query("SELECT 1")
        .execute()
        .timeout(READINESS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .transform(
            answer -> {
              boolean postgres = answer.succeeded();
              boolean ready = postgres && serving;
              String status = ready ? (redis ? "ready" : "degraded") : "unready";
              return Future.succeededFuture(
                  new Readiness(ready, status, upOrDown(postgres), upOrDown(redis)));
            });
  }

  private static String upOrDown(boolean up) {
    return up ? "up" : "down";
  }
}
