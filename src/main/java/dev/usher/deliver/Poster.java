package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Attempt;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one attempt: checks the address, signs, posts. One for each event loop. */
public final class Poster {
  private static final Logger LOG = LoggerFactory.getLogger(Poster.class);
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** Shorter than what servers usually keep: better a new connection than one that is closing. */
  private static final int KEEP_ALIVE_SECONDS = 15;

  private final Vertx vertx;
  private final HttpClient client;
  private final AddressGuard guard;
  private final Duration timeout;
  private final Headers headers;
  private final InstantSource clock;

  /**
   * @param version of the gateway, for {@code user-agent}
   */
  public Poster(
      Vertx vertx, DeliveryConfig config, AddressGuard guard, String version, InstantSource clock) {
    this.vertx = vertx;
    this.guard = guard;
    this.timeout = config.timeout();
    this.headers = new Headers(version);
    this.clock = clock;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(16 * 1024)
                .setTcpNoDelay(true)
                .setVerifyHost(true),
            // The lanes limit what is under way; the pool only must not limit it earlier.
            new PoolOptions().setHttp1MaxSize(1_000).setMaxWaitQueueSize(1_000));
  }

  Instant now() {
    return clock.instant();
  }

  /** Makes one attempt. The future never fails: a failure is an {@link Answer} as well. */
  Future<Answer> post(Lane lane, Endpoint endpoint, Delivery delivery) {
    return Future.succeededFuture()
        .compose(_ -> lane.target(endpoint, guard, System.nanoTime()))
        .transform(
            looked -> {
              if (looked.failed()) {
                return failed(
                    Attempt.Outcome.CONNECT_ERROR,
                    "the endpoint's host could not be looked up: " + looked.cause().getMessage());
              }
              return switch (looked.result()) {
                case Lane.Target.Open(RequestOptions options) ->
                    send(lane, endpoint, delivery, options);
                case Lane.Target.Closed(String reason) ->
                    failed(
                        Attempt.Outcome.REFUSED_ADDRESS,
                        "the address guard refused the endpoint's address: " + reason);
              };
            })
        .otherwise(
            failure -> {
              LOG.error("A delivery could not be attempted", failure); // a fault of ours
              return Answer.failed(
                  Attempt.Outcome.CONNECT_ERROR, "the request could not be made: " + failure);
            });
  }

  private static Future<Answer> failed(Attempt.Outcome outcome, String error) {
    return Future.succeededFuture(Answer.failed(outcome, error));
  }

  private Future<Answer> send(
      Lane lane, Endpoint endpoint, Delivery delivery, RequestOptions options) {
    MultiMap signed = headers.of(delivery, endpoint, lane.signatures(endpoint), clock.instant());
    return Exchange.post(
        vertx,
        client,
        options,
        signed,
        Buffer.buffer(delivery.event().body()),
        endpoint.timeout() != null ? endpoint.timeout() : timeout,
        clock);
  }

  /** Closes the connections; exchanges that are still under way end as failed. */
  public Future<Void> close() {
    return client.close();
  }
}
