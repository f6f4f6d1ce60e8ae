package dev.usher.journal;

import dev.usher.event.Attempt;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.UuidV7;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * An event with which the gateway itself tells of something, in the envelope of Showpass' events.
 * It is written in the transaction that makes it true, into the tables of all events, and delivered
 * like them to the endpoints that subscribed to its type or to a prefix of it. {@code *} does not
 * cover it: who asked for everything that happens to tickets expects nothing else.
 *
 * @param body JSON
 */
record SystemEvent(EventId id, String type, byte[] body) {
  static final String ENDPOINT_DISABLED = Event.SYSTEM_PREFIX + "endpoint.disabled";
  static final String DELIVERY_EXHAUSTED = Event.SYSTEM_PREFIX + "delivery.exhausted";

  /** An endpoint was disabled by the gateway. */
  static SystemEvent disabled(Endpoint endpoint, String reason, InstantSource clock) {
    // Not the URL: for some services it is a secret, and this goes to other endpoints.
    return of(
        ENDPOINT_DISABLED,
        new JsonObject()
            .put("endpoint", endpoint.id().toString())
            .put("name", endpoint.name())
            .put("reason", reason)
            .put("disabled_at", time(clock.instant())),
        clock);
  }

  /** A delivery was given up after its last attempt. */
  static SystemEvent exhausted(Attempt last, InstantSource clock) {
    Delivery delivery = last.delivery();
    return of(
        DELIVERY_EXHAUSTED,
        new JsonObject()
            .put("event", delivery.event().id().toString())
            .put("event_type", delivery.event().type())
            .put("endpoint", delivery.endpoint().toString())
            .put("attempts", last.number())
            .put(
                "last_attempt",
                new JsonObject()
                    .put("id", last.id().toString())
                    .put("at", time(last.startedAt()))
                    .put("outcome", last.outcome().toString())
                    .put("http_status", last.httpStatus())
                    .put("error", last.error())),
        clock);
  }

  private static SystemEvent of(String type, JsonObject data, InstantSource clock) {
    EventId id = new EventId(UuidV7.unguessable(clock));
    JsonObject envelope =
        new JsonObject()
            .put("id", id.toString())
            .put("event_type", type)
            .put("webhook_event_uuid", id.value().toString())
            .put("data", data);
    return new SystemEvent(id, type, envelope.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** Its idempotency key, as the envelope shows it. */
  String key() {
    return id.value().toString();
  }

  /** The subscriptions that cover a system event of this type. */
  static String[] patterns(String type) {
    List<String> patterns = new ArrayList<>();
    for (int dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
      patterns.add(type.substring(0, dot) + ".*");
    }
    patterns.add(type);
    return patterns.toArray(String[]::new);
  }
}
