package dev.usher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts how often each event arrives, by the idempotency key that its sender gave it. */
public final class NumberedReceiver implements AutoCloseable {
  /** So long an exchange takes: otherwise hardly anything would be under way when a node dies. */
  private static final long ANSWER_MILLIS = 5;

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();
  private final Map<String, String> ids = new ConcurrentHashMap<>();
  private final List<String> underTwoIds = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  public NumberedReceiver() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::receive)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              String key = body.toJsonObject().getString("webhook_event_uuid");
              String id = String.valueOf(request.getHeader("webhook-id"));
              @Nullable String first = ids.putIfAbsent(key, id);
              if (first != null && !first.equals(id)) {
                underTwoIds.add(key);
              }
              arrivals.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
              vertx.setTimer(ANSWER_MILLIS, _ -> request.response().end());
            });
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/";
  }

  /** How often the event of this key has arrived. */
  public int arrivals(String key) {
    AtomicInteger count = arrivals.get(key);
    return count == null ? 0 : count.get();
  }

  /** Events that have arrived. */
  public int events() {
    return arrivals.size();
  }

  /** Keys of the events that arrived more than once. */
  public List<String> repeated() {
    return arrivals.entrySet().stream()
        .filter(entry -> entry.getValue().get() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Keys of events that were delivered as two: accepted twice. */
  public List<String> underTwoIds() {
    return List.copyOf(underTwoIds);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
