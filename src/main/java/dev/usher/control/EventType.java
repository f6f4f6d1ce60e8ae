package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an organization says of one type of its events. */
record EventType(UUID id, Settings settings, Instant createdAt, Instant changedAt) {

  /**
   * What the organization decides.
   *
   * @param schema a JSON Schema of the events' {@code data}, as JSON; null where there is none
   * @param sample an example of {@code data}, as JSON; null where there is none
   */
  record Settings(
      String name, String description, @Nullable String schema, @Nullable String sample) {
    /** As a request could have given them: what a patch is put onto. */
    ObjectNode toJson() {
      ObjectNode json = Json.object().put("name", name).put("description", description);
      raw(json, "schema", schema);
      raw(json, "sample", sample);
      return json;
    }

    private static void raw(ObjectNode json, String member, @Nullable String text) {
      if (text == null) {
        json.putNull(member);
      } else {
        json.set(member, Json.trusted(text));
      }
    }
  }

  ObjectNode toJson() {
    return settings
        .toJson()
        .put("created_at", Times.text(createdAt))
        .put("changed_at", Times.text(changedAt));
  }
}
