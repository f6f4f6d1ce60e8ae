package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refused request as the public door noted it.
 *
 * @param source null where the request named none
 * @param alike how many were refused for the same source and code in the same few seconds, this one
 *     included, as far as no other of them is shown
 */
record StoredRejection(
    UUID id,
    @Nullable SourceId source,
    String code,
    int status,
    String reason,
    @Nullable String address,
    @Nullable String idempotencyKey,
    @Nullable Integer bodyBytes,
    int alike) {

  ObjectNode toJson() {
    return Json.object()
        .put("at", Times.text(Instant.ofEpochMilli(UuidV7.epochMillis(id))))
        .put("source", source == null ? null : source.toString())
        .put("code", code)
        .put("status", status)
        .put("reason", reason)
        .put("address", address)
        .put("idempotency_key", idempotencyKey)
        .put("body_bytes", bodyBytes)
        .put("alike", alike);
  }
}
