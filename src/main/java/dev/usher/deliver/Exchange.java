package dev.usher.deliver;

import dev.usher.event.Attempt;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to an endpoint and its answer, under one deadline from the first byte to the last. At
 * most 16 KiB of the answer are kept; the rest is not read: the connection is closed instead.
 */
final class Exchange {
  /** Bytes of an answer that are kept. */
  static final int MOST_BODY_BYTES = 16 * 1024;

  private static final String NOT_OURS =
      "nothing was sent: this node did not reach Postgres for so long that another one may have"
          + " taken the delivery over";

  private final Vertx vertx;
  private final Duration timeout;
  private final BooleanSupplier maySend;
  private final InstantSource clock;
  private final Promise<Answer> answered = Promise.promise();
  private final long timer;
  private @Nullable HttpClientRequest request;
  private @Nullable Buffer body;

  private Exchange(
      Vertx vertx,
      Duration timeout,
      long startedNanos,
      BooleanSupplier maySend,
      InstantSource clock) {
    this.vertx = vertx;
    this.timeout = timeout;
    this.maySend = maySend;
    this.clock = clock;
    long leftNanos = timeout.toNanos() - (System.nanoTime() - startedNanos);
    this.timer = vertx.setTimer(Math.max(1, leftNanos / 1_000_000), _ -> expired());
  }

  /**
   * Posts {@code content}. The future never fails: a failure is an {@link Answer} as well.
   *
   * @param timeout over the whole attempt
   * @param startedNanos when the attempt began, by the monotonic clock: looking up the address is
   *     part of it
   * @param maySend asked once there is a connection
   */
  static Future<Answer> post(
      Vertx vertx,
      HttpClient client,
      RequestOptions target,
      MultiMap headers,
      Buffer content,
      Duration timeout,
      long startedNanos,
      BooleanSupplier maySend,
      InstantSource clock) {
    Exchange exchange = new Exchange(vertx, timeout, startedNanos, maySend, clock);
    client
        .request(target)
        .onComplete(
            request -> exchange.send(request, headers, content),
            failure -> exchange.failed("could not connect", failure));
    return exchange.answered.future();
  }

  private void send(HttpClientRequest opened, MultiMap headers, Buffer content) {
    if (answered.future().isComplete()) {
      opened.reset(); // the deadline passed while a connection was waited for
      return;
    }
    if (!maySend.getAsBoolean()) {
      finish(Answer.failed(Attempt.Outcome.CONNECT_ERROR, NOT_OURS));
      opened.exceptionHandler(_ -> {}); // which is the reset
      opened.reset();
      return;
    }
    request = opened;
    try {
      opened.exceptionHandler(failure -> failed("the connection failed", failure));
      opened.response().onComplete(this::read, failure -> failed("no answer", failure));
      opened.headers().setAll(headers);
      opened.end(content);
    } catch (RuntimeException e) {
      failed("the request could not be made", e);
      opened.reset();
    }
  }

  private void read(HttpClientResponse response) {
    response.exceptionHandler(failure -> failed("the answer broke off", failure));
    response.handler(
        chunk -> {
          body = body == null ? chunk : body.appendBuffer(chunk);
          if (body.length() > MOST_BODY_BYTES) {
            body = body.slice(0, MOST_BODY_BYTES);
            finish(answer(response));
            response.request().reset();
          }
        });
    response.endHandler(_ -> finish(answer(response)));
  }

  private Answer answer(HttpClientResponse response) {
    return Answer.of(
        response.statusCode(),
        body == null ? null : body.getBytes(),
        RetryAfter.of(response.statusCode(), response.getHeader("retry-after"), clock.instant()));
  }

  private void expired() {
    finish(
        Answer.failed(
            Attempt.Outcome.TIMEOUT,
            (request == null ? "no connection" : "no complete answer")
                + " within "
                + timeout.toMillis()
                + " ms"));
    if (request != null) {
      request.reset();
    }
  }

  private void failed(String what, Throwable failure) {
    finish(Answer.failed(Attempt.Outcome.CONNECT_ERROR, Causes.explain(what, failure)));
  }

  private void finish(Answer answer) {
    if (answered.tryComplete(answer)) {
      vertx.cancelTimer(timer);
    }
  }
}
