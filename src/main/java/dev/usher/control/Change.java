package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done to something, for the audit log.
 *
 * @param action for example {@code endpoint.updated}
 * @param target the id of what was changed; an event type's name
 * @param changes each member that differs, {@code from} and {@code to}; values are cut where they
 *     are long. Empty where there is nothing to tell
 */
record Change(String action, String target, ObjectNode changes) {
  /** A row of the log stays small, whatever schemas and samples hold. */
  private static final int MAX_VALUE_CHARACTERS = 4_096;

  /** They change by themselves, or say nothing that the entry does not. */
  private static final Set<String> OMITTED =
      Set.of("id", "path", "created_at", "changed_at", "last_used_at");

  /** A change of which there is no more to tell. */
  static Change of(String action, String target) {
    return new Change(action, target, Json.object());
  }

  /**
   * What differs between the two.
   *
   * @param before as it was shown, so without secrets; null where it is new
   * @param after likewise; null where it is gone
   */
  static Change between(
      String action, String target, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    Set<String> members = new LinkedHashSet<>();
    names(before, members);
    names(after, members);
    members.removeAll(OMITTED);
    ObjectNode changes = Json.object();
    for (String member : members) {
      JsonNode from = value(before, member);
      JsonNode to = value(after, member);
      if (!from.equals(to)) {
        ObjectNode change = changes.putObject(member);
        change.set("from", cut(from));
        change.set("to", cut(to));
      }
    }
    return new Change(action, target, changes);
  }

  private static void names(@Nullable ObjectNode json, Set<String> names) {
    if (json != null) {
      json.fieldNames().forEachRemaining(names::add);
    }
  }

  private static JsonNode value(@Nullable ObjectNode json, String member) {
    JsonNode value = json == null ? null : json.get(member);
    return value == null ? Json.object().nullNode() : value;
  }

  private static JsonNode cut(JsonNode value) {
    int characters = value.isValueNode() ? value.asText().length() : value.toString().length();
    return characters <= MAX_VALUE_CHARACTERS
        ? value
        : Json.text("(" + characters + " characters)");
  }
}
