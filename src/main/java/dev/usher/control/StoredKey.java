package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.ApiKeyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of an organization's key: everything but the key.
 *
 * @param expiresAt null for never
 * @param lastUsedAt to the minute; null for never
 */
record StoredKey(
    ApiKeyId id,
    String name,
    Role role,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {

  ObjectNode toJson() {
    return Json.object()
        .put("id", id.toString())
        .put("name", name)
        .put("role", role.text())
        .put("created_at", Times.text(createdAt))
        .put("expires_at", Times.textOrNull(expiresAt))
        .put("last_used_at", Times.textOrNull(lastUsedAt));
  }
}
