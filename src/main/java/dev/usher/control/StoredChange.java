package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.OrganizationId;
import dev.usher.event.TypeId;
import dev.usher.event.UuidV7;
import java.time.Instant;
import java.util.UUID;

/** An entry of the audit log. Its id, a UUIDv7, tells when it was. */
record StoredChange(
    UUID id,
    OrganizationId organization,
    Actor actor,
    String action,
    String target,
    String changes) {

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("id", TypeId.encode("aud", id))
            .put("at", Times.text(Instant.ofEpochMilli(UuidV7.epochMillis(id))))
            .put("organization", organization.toString())
            .put("actor", actor.id())
            .put("actor_name", actor.name().isEmpty() ? null : actor.name())
            .put("action", action)
            .put("target", target);
    json.set("changes", Json.trusted(changes));
    return json;
  }
}
