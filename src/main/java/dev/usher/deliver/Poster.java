package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Attempt.Outcome;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.trace.Trace;
import dev.usher.trace.TraceParent;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one attempt: checks the address, signs, posts. One for each event loop. */
public final class Poster {
  private static final Logger LOG = LoggerFactory.getLogger(Poster.class);
  private final Vertx vertx;
  private final HttpClient client;
  private final AddressGuard guard;
  private final Connections connections;
  private final Duration timeout;
  private final Headers headers;
  private final InstantSource clock;

  /**
   * @param version of the gateway, for {@code user-agent}
   */
  public Poster(
      Vertx vertx,
      DeliveryConfig config,
      AddressGuard guard,
      Connections connections,
      String version,
      InstantSource clock) {
    this.vertx = vertx;
    this.guard = guard;
    this.connections = connections;
    this.timeout = config.timeout();
    this.headers = new Headers(version);
    this.clock = clock;
    this.client = vertx.createHttpClient(connections.client(), connections.pool());
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Makes one attempt. The future never fails: a failure is an {@link Answer} as well.
   *
   * @param trace of the attempt, which the endpoint is told; null while tracing is off
   * @param maySend asked when there is a connection: looking up and connecting may have taken
   *     longer than we may keep the delivery to ourselves
   */
  Future<Answer> post(
      Lane lane,
      Endpoint endpoint,
      Delivery delivery,
      @Nullable Trace trace,
      BooleanSupplier maySend) {
    Duration limit = endpoint.timeout() != null ? endpoint.timeout() : timeout;
    long started = System.nanoTime();
    return Future.succeededFuture()
        .compose(_ -> within(limit, lane.target(endpoint, guard, connections, started)))
        .transform(
            looked -> {
              if (looked.failed()) {
                return failedLookUp(looked.cause(), limit);
              }
              return switch (looked.result()) {
                case Lane.Target.Open(RequestOptions options) ->
                    send(lane, endpoint, delivery, options, limit, started, trace, maySend);
                case Lane.Target.Closed(String reason) ->
                    failed(
                        Outcome.REFUSED_ADDRESS,
                        "the address guard refused the endpoint's address: " + reason);
              };
            })
        .otherwise(
            failure -> {
              LOG.atError() // a fault of ours
                  .addKeyValue("event", delivery.event().id())
                  .addKeyValue("endpoint", endpoint.id())
                  .addKeyValue("trace", TraceParent.of(delivery.event()).traceId())
                  .setCause(failure)
                  .log("A delivery could not be attempted");
              return Answer.failed(
                  Outcome.CONNECT_ERROR, "the request could not be made: " + failure);
            });
  }

  /** Almost always the address is known: then there is nothing to wait for. */
  private static <T> Future<T> within(Duration limit, Future<T> lookUp) {
    return lookUp.isComplete()
        ? lookUp
        : lookUp
            .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .recover(failure -> Future.failedFuture(lookUp.isComplete() ? failure : new Expired()));
  }

  /** The attempt's own deadline has passed. */
  private static final class Expired extends Exception {
    private Expired() {
      super(null, null, false, false);
    }
  }

  private static Future<Answer> failedLookUp(Throwable failure, Duration limit) {
    String what = "the endpoint's host could not be looked up";
    return switch (failure) {
      case Expired _ -> failed(Outcome.TIMEOUT, what + " within " + limit.toMillis() + " ms");
      case TimeoutException _ -> failed(Outcome.TIMEOUT, what + ": " + failure.getMessage());
      default -> failed(Outcome.CONNECT_ERROR, what + ": " + Causes.message(failure));
    };
  }

  private static Future<Answer> failed(Outcome outcome, String error) {
    return Future.succeededFuture(Answer.failed(outcome, error));
  }

  private Future<Answer> send(
      Lane lane,
      Endpoint endpoint,
      Delivery delivery,
      RequestOptions options,
      Duration limit,
      long started,
      @Nullable Trace trace,
      BooleanSupplier maySend) {
    MultiMap signed =
        headers.of(delivery, endpoint, lane.signatures(endpoint), clock.instant(), trace);
    return Exchange.post(
        vertx,
        client,
        options,
        signed,
        Buffer.buffer(delivery.event().body()),
        limit,
        started,
        maySend,
        clock);
  }

  /** Closes the connections; exchanges that are still under way end as failed. */
  public Future<Void> close() {
    return client.close();
  }
}
