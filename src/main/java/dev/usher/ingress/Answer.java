package dev.usher.ingress;

import dev.usher.door.LingeringClose;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Writes an outcome to its sender. */
final class Answer {
  private static final CharSequence POST = HttpHeaders.createOptimized("POST");
  private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

  private Answer() {}

  /**
   * Sends the answer, and closes the connection behind it where the outcome says so, where the
   * sender shall turn elsewhere, or where the rest of the body was not read: nothing after it on
   * this connection could be read either.
   */
  static void send(HttpServerRequest request, Outcome outcome, boolean leaving) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return; // the sender went away; it will send the event again and find it as a duplicate
    }
    response.setStatusCode(outcome.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, outcome.contentType());
    if (outcome.retryAfterSeconds() != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, outcome.retryAfterSeconds());
    }
    if (outcome.status() == 405) {
      response.putHeader(HttpHeaders.ALLOW, POST);
    }
    if (leaving || outcome.closes() || !request.isEnded()) {
      response.putHeader(HttpHeaders.CONNECTION, CLOSE);
      LingeringClose.after(request);
      response.end(outcome.body()).onComplete(_ -> request.connection().close());
    } else {
      response.end(outcome.body());
    }
  }
}
