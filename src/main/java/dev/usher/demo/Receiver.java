package dev.usher.demo;

import dev.usher.crypto.ConstantTime;
import dev.usher.crypto.StandardWebhooksSigner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** An organizer's system: receives deliveries, checks their signature, and fails now and then. */
final class Receiver {
  private final Vertx vertx;
  private final double failing;
  private final Listener listener;
  private volatile @Nullable StandardWebhooksSigner signer;

  /** Hears of every request; may be called on any thread. */
  interface Listener {
    void received(String eventId, boolean signatureIsRight, boolean succeeds, String type);
  }

  /**
   * @param failing the part of requests that it answers with 500, 0 to 1
   */
  Receiver(Vertx vertx, double failing, Listener listener) {
    this.vertx = vertx;
    this.failing = failing;
    this.listener = listener;
  }

  /** Begins to listen on a free port of the loopback; gives its URL. */
  Future<String> listen() {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> received(request, body)));
    return server
        .listen(0, "127.0.0.1")
        .map(listening -> "http://127.0.0.1:" + listening.actualPort() + "/webhooks");
  }

  /** Verifies with the endpoint's secret from now on. */
  void trust(String secret) {
    signer = StandardWebhooksSigner.of(secret);
  }

  private void received(HttpServerRequest request, Buffer body) {
    boolean succeeds = ThreadLocalRandom.current().nextDouble() >= failing;
    String id = String.valueOf(request.getHeader("webhook-id"));
    String type = body.toJsonObject().getString("event_type");
    listener.received(id, isSigned(request, id, body.getBytes()), succeeds, type);
    request.response().setStatusCode(succeeds ? 200 : 500).end();
  }

  private boolean isSigned(HttpServerRequest request, String id, byte[] body) {
    StandardWebhooksSigner known = signer;
    String timestamp = request.getHeader("webhook-timestamp");
    String given = request.getHeader("webhook-signature");
    if (known == null || timestamp == null || given == null) {
      return false;
    }
    byte[] right = known.sign(id, Long.parseLong(timestamp), body).getBytes(StandardCharsets.UTF_8);
    return ConstantTime.equal(right, given.getBytes(StandardCharsets.UTF_8));
  }
}
