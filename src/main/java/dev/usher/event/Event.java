package dev.usher.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, as it was received.
 *
 * @param source where it came in; null for an event published over the API
 * @param key the sender's idempotency key, at most 255 characters
 * @param keyHash the hash of source and key: what makes the event unique over all nodes
 * @param bodyHash tells a repeated event from another body under the same key
 * @param type for example {@code invoice.purchase}, at most 255 characters
 * @param payloadId the payload's top-level {@code id} where it is a string: what the Showpass
 *     signature covers; null where there is none
 * @param headers the request's other headers, one {@code name: value} a line
 * @param body the bytes exactly as received; never changed after this value is made
 */
public record Event(
    EventId id,
    OrganizationId organization,
    @Nullable SourceId source,
    String key,
    Hash128 keyHash,
    Hash128 bodyHash,
    String type,
    @Nullable String payloadId,
    String contentType,
    String headers,
    byte[] body) {

  /** Types that begin so are the gateway's own, such as {@code usher.endpoint.disabled}. */
  public static final String SYSTEM_PREFIX = "usher.";

  /** Whether the gateway itself tells of something with this event. */
  public boolean isSystem() {
    return source == null && type.startsWith(SYSTEM_PREFIX);
  }

  /** What the Showpass signature of a delivery covers. */
  public String signedId() {
    return payloadId != null ? payloadId : id.toString();
  }

  @Override
  public String toString() {
    return "Event[" + id + ", " + type + ", " + body.length + " bytes]";
  }

  /** The same event with other headers. */
  public Event withHeaders(String others) {
    return new Event(
        id,
        organization,
        source,
        key,
        keyHash,
        bodyHash,
        type,
        payloadId,
        contentType,
        others,
        body);
  }

  /** Bytes this event holds in memory, for the limits that count bytes. */
  public int weight() {
    return body.length + headers.length() + 512;
  }

  /** The body as text, for people and tests. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
