package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.usher.event.EventId;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event without its content, as in lists.
 *
 * @param source null for an event that was published over the API
 */
record StoredEvent(EventId id, @Nullable SourceId source, String type, String idempotencyKey) {
  /**
   * What came with an event.
   *
   * @param headers one {@code name: value} a line
   */
  record Content(StoredEvent event, String contentType, String headers, byte[] body) {
    /** What schemas describe: the data of a Showpass envelope, or else the whole payload. */
    JsonNode data() {
      JsonNode payload = Json.payload(body);
      return payload.has("event_type") && payload.has("data") ? payload.get("data") : payload;
    }

    ObjectNode toJson(EventStatus status) {
      ObjectNode json = event.toJson(status).put("content_type", contentType);
      json.set("headers", Json.texts(HeaderRules.ofEvent(headers)));
      Optional<String> payload = Json.asValue(body);
      if (payload.isPresent()) {
        // As it came: parsing and writing again would change numbers and spaces.
        json.putRawValue("payload", new RawValue(payload.get()));
      } else {
        json.put("payload_base64", Base64.getEncoder().encodeToString(body));
      }
      return json;
    }
  }

  Instant receivedAt() {
    return Instant.ofEpochMilli(UuidV7.epochMillis(id.value()));
  }

  ObjectNode toJson(EventStatus status) {
    return Json.object()
        .put("id", id.toString())
        .put("type", type)
        .put("source", source == null ? null : source.toString())
        .put("idempotency_key", idempotencyKey)
        .put("status", status.text())
        .put("received_at", Times.text(receivedAt()));
  }
}
