package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.crypto.Hashes;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An event that somebody publishes.
 *
 * @param data a JSON object, character by character as it came
 * @param transaction the data's {@code transaction_id} where it can be signed; null where it cannot
 * @param key what makes it unique in its organization, 1 to 255 characters; null where nothing does
 */
record PublishedEvent(
    String type, String data, @Nullable String transaction, @Nullable String key) {
  /** As much as the public door takes by default. */
  static final int MAX_DATA_BYTES = 1024 * 1024;

  private static final int MAX_KEY_CHARACTERS = 255;
  private static final String CONTENT_TYPE = "application/json";

  /**
   * The event as it is journaled. Its body is the Showpass envelope: {@code id}, which the Showpass
   * signature covers, is the data's {@code transaction_id} as Showpass has it, or else what the
   * publisher called the event, or else the event's own id. {@code webhook_event_uuid} is the
   * event's id as a UUID: unique for each event, and the same on every try.
   *
   * @param headers one {@code name: value} a line
   */
  Event toEvent(EventId id, OrganizationId organization, Hashes hashes, String headers) {
    String named = key != null ? key : id.toString();
    String signed = transaction != null ? transaction : named;
    String body =
        "{\"id\":%s,\"event_type\":%s,\"webhook_event_uuid\":\"%s\",\"data\":%s}"
            .formatted(Json.text(signed), Json.text(type), id.value(), data);
    return new Event(
        id,
        organization,
        null,
        named,
        hashes.ofKey(organization.value(), named),
        hashes.ofBody((type + "\n" + data).getBytes(StandardCharsets.UTF_8)),
        type,
        signed,
        CONTENT_TYPE,
        headers,
        body.getBytes(StandardCharsets.UTF_8));
  }

  /** What of {@code data} the Showpass signature covers; null where there is no such text. */
  static @Nullable String transaction(JsonNode data) {
    String text = data.path("transaction_id").textValue();
    boolean right =
        text != null
            && !text.isEmpty()
            && text.length() <= MAX_KEY_CHARACTERS
            && TextRules.isOneLine(text);
    return right ? text : null;
  }
}
