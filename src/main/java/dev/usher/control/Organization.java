package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.OrganizationId;
import java.time.Instant;

/** A tenant. */
record Organization(OrganizationId id, String name, Instant createdAt) {
  ObjectNode toJson() {
    return Json.object()
        .put("id", id.toString())
        .put("name", name)
        .put("created_at", Times.text(createdAt));
  }
}
