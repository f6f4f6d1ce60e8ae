package dev.usher.ingress;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The fate of one request: what the sender is told, and what it counts as.
 *
 * @param retryAfterSeconds when the sender may come again; null where that says nothing
 * @param closes whether the connection ends with this answer, because what follows on it cannot be
 *     trusted or is not worth reading
 */
record Outcome(
    Kind kind,
    int status,
    CharSequence contentType,
    Buffer body,
    @Nullable CharSequence retryAfterSeconds,
    boolean closes) {

  /** What the request counts as in {@code usher_ingress_requests_total}. */
  enum Kind {
    ACCEPTED,
    DUPLICATE,
    CONFLICT,
    INVALID,
    UNAUTHENTICATED,
    FORBIDDEN,
    LIMITED,
    OVERLOADED,
    UNAVAILABLE
  }

  boolean isProblem() {
    return kind != Kind.ACCEPTED && kind != Kind.DUPLICATE;
  }
}
