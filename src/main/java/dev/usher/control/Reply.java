package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call that did what was asked.
 *
 * @param status 2xx
 * @param body null for an answer without one
 * @param location the path of what was created; null where nothing was
 * @param replayed whether this was answered before to the same {@code Idempotency-Key}
 */
record Reply(int status, @Nullable ObjectNode body, @Nullable String location, boolean replayed)
    implements Answer {

  static Answer ok(ObjectNode body) {
    return new Reply(200, body, null, false);
  }

  static Answer created(String location, ObjectNode body) {
    return new Reply(201, body, location, false);
  }

  static Answer accepted(ObjectNode body) {
    return new Reply(202, body, null, false);
  }

  static Answer noContent() {
    return new Reply(204, null, null, false);
  }

  /** Without the body, which may hold a secret. */
  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }
}
