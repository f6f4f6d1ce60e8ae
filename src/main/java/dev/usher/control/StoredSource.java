package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.SourceId;
import java.time.Instant;
import java.util.UUID;

/** A source as it is kept, without its secrets. */
record StoredSource(
    SourceId id, SourceSettings settings, Instant createdAt, Instant changedAt, long revision)
    implements Stored {
  @Override
  public UUID uuid() {
    return id.value();
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = Json.object().put("id", id.toString());
    json.setAll(settings.toJson());
    return json.put("path", "/in/" + id)
        .put("created_at", Times.text(createdAt))
        .put("changed_at", Times.text(changedAt));
  }
}
