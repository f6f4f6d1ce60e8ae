package dev.usher.control;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Writes answers as HTTP. */
final class AnswerWriter {
  /** How long a body is still read, and thrown away, after its request was answered. */
  private static final long LINGER_MILLIS = 1_000;

  private AnswerWriter() {}

  /** Answers the request, unless that was done or nobody is there any more. */
  static void send(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.putHeader("cache-control", "no-store").putHeader("x-content-type-options", "nosniff");
    switch (answer) {
      case Problem problem -> send(response, problem);
      case Reply reply -> send(response, reply);
    }
    throwRestAway(context);
  }

  /** Answers where no call has begun. */
  static void send(HttpServerResponse response, Problem problem) {
    problem.headers().forEach(response::putHeader);
    response
        .setStatusCode(problem.kind().status())
        .putHeader("content-type", Problem.MEDIA_TYPE)
        .end(Buffer.buffer(Json.bytes(problem.toJson())));
  }

  private static void send(HttpServerResponse response, Reply reply) {
    response.setStatusCode(reply.status());
    String location = reply.location();
    if (location != null) {
      response.putHeader("location", location);
    }
    String etag = reply.etag();
    if (etag != null) {
      response.putHeader("etag", etag);
    }
    if (reply.replayed()) {
      response.putHeader("idempotency-replayed", "true");
    }
    if (reply.body() == null) {
      response.end();
    } else {
      response
          .putHeader("content-type", "application/json")
          .end(Buffer.buffer(Json.bytes(reply.body())));
    }
  }

  /** The sender can finish and read the answer, but not go on for ever. */
  private static void throwRestAway(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return;
    }
    request.handler(null).endHandler(null).resume();
    context
        .vertx()
        .setTimer(
            LINGER_MILLIS,
            timer -> {
              if (!request.isEnded()) {
                request.connection().close();
              }
            });
  }
}
