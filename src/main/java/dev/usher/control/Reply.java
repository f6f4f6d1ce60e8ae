package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call that did what was asked.
 *
 * @param status 2xx
 * @param body null for an answer without one
 * @param location the path of what was created; null where nothing was
 * @param etag which revision of a source or an endpoint the body shows (RFC 9110, section 8.8.3);
 *     null where it shows something else
 * @param replayed whether this was answered before to the same {@code Idempotency-Key}
 */
record Reply(
    int status,
    @Nullable ObjectNode body,
    @Nullable String location,
    @Nullable String etag,
    boolean replayed)
    implements Answer {

  static Answer ok(ObjectNode body) {
    return new Reply(200, body, null, null, false);
  }

  static Answer created(String location, ObjectNode body) {
    return new Reply(201, body, location, null, false);
  }

  static Answer accepted(ObjectNode body) {
    return new Reply(202, body, null, null, false);
  }

  /** What was asked for has begun, and can be watched at {@code location}. */
  static Answer begun(String location, ObjectNode body) {
    return new Reply(202, body, location, null, false);
  }

  static Answer noContent() {
    return new Reply(204, null, null, null, false);
  }

  /** A source or an endpoint as it is now, with its revision. */
  static Answer shown(Stored stored) {
    return new Reply(200, stored.toJson(), null, stored.etag(), false);
  }

  /** The source or the endpoint that was made, with its revision. */
  static Answer created(String location, ObjectNode body, Stored made) {
    return new Reply(201, body, location, made.etag(), false);
  }

  /** Without the body, which may hold a secret. */
  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }
}
