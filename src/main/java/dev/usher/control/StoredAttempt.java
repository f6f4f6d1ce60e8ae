package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.AttemptId;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt as it was logged.
 *
 * @param type the event's; null where the event is past its retention. So too the key
 * @param number from 1
 * @param outcome {@code succeeded}, or how it failed
 */
record StoredAttempt(
    AttemptId id,
    EventId event,
    EndpointId endpoint,
    @Nullable String type,
    @Nullable String idempotencyKey,
    int number,
    String outcome,
    @Nullable Integer httpStatus,
    @Nullable String error,
    byte @Nullable [] responseBody,
    Instant startedAt,
    int durationMillis,
    @Nullable Instant nextAttemptAt) {

  boolean succeeded() {
    return outcome.equals("succeeded");
  }

  ObjectNode toJson() {
    return Json.object()
        .put("id", id.toString())
        .put("event", event.toString())
        .put("endpoint", endpoint.toString())
        .put("type", type)
        .put("idempotency_key", idempotencyKey)
        .put("attempt", number)
        .put("status", succeeded() ? "succeeded" : "failed")
        .put("outcome", outcome)
        .put("http_status", httpStatus)
        .put("error", error)
        .put(
            "response_body",
            responseBody == null ? null : new String(responseBody, StandardCharsets.UTF_8))
        .put("duration_ms", durationMillis)
        .put("at", Times.text(startedAt))
        .put("next_attempt_at", Times.textOrNull(nextAttemptAt));
  }
}
