package dev.usher.ingress;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The fate of one request: what the sender is told, and what it counts as.
 *
 * @param code the problem's stable code; empty where it is none
 * @param detail what the problem says to the sender; empty where it is none
 * @param retryAfterSeconds when the sender may come again; null where that says nothing
 * @param closes whether the connection ends with this answer, because what follows on it cannot be
 *     trusted or is not worth reading
 */
record Outcome(
    Kind kind,
    int status,
    String code,
    String detail,
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

  /**
   * Whether the request was refused for what it is, and not for what we cannot do at the moment.
   */
  boolean isRejection() {
    return switch (kind) {
      case CONFLICT, INVALID, UNAUTHENTICATED, FORBIDDEN, LIMITED -> true;
      case ACCEPTED, DUPLICATE, OVERLOADED, UNAVAILABLE -> false;
    };
  }
}
