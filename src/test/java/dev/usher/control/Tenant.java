package dev.usher.control;

import dev.usher.control.ControlFixture.Response;
import dev.usher.event.AttemptId;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An organization with its key, and what nodes would write for it. */
record Tenant(ControlFixture control, String id, String key) {
  Response get(String path) {
    return call("GET", path, null);
  }

  Response post(String path, @Nullable String body) {
    return call("POST", path, body);
  }

  Response patch(String path, String body) {
    return call("PATCH", path, body);
  }

  Response delete(String path) {
    return call("DELETE", path, null);
  }

  Response call(String method, String path, @Nullable String body) {
    return control.call(control.port(), method, path, key, body, Map.of());
  }

  Response post(String path, String body, Map<String, String> headers) {
    return control.call(control.port(), "POST", path, key, body, headers);
  }

  /** The id of a new endpoint that wants these events. */
  String endpoint(String... events) {
    String body =
        """
        {"name": "Till", "url": "https://example.com/hook", "events": ["%s"]}\
        """
            .formatted(String.join("\", \"", events));
    return post("/v1/endpoints", body).text("id");
  }

  String source() {
    return post("/v1/sources", "{\"name\": \"Showpass\", \"scheme\": \"showpass\"}").text("id");
  }

  UUID uuid() {
    return Objects.requireNonNull(OrganizationId.parse(id)).value();
  }

  static UUID endpointUuid(String endpoint) {
    return Objects.requireNonNull(EndpointId.parse(endpoint)).value();
  }

  static UUID eventUuid(String event) {
    return Objects.requireNonNull(EventId.parse(event)).value();
  }

  /** An event as the journal writes it. */
  String event(String type, @Nullable String source, String payload, Instant at) {
    UUID event = UuidV7.unguessable(InstantSource.fixed(at));
    SourceId sourceId = source == null ? null : SourceId.parse(source);
    control.sql(
        """
        INSERT INTO events (organization_id, id, source_id, idempotency_key, type, payload_id,
                            content_type, headers, body)
        VALUES ($1, $2, $3, $4, $5, 'p1', 'application/json', $6, $7)\
        """,
        uuid(),
        event,
        sourceId == null ? null : sourceId.value(),
        "key of " + event,
        type,
        "user-agent: sender/1\nx-tag: a\nx-tag: b\nauthorization: Bearer hunter2",
        payload.getBytes(StandardCharsets.UTF_8));
    return new EventId(event).toString();
  }

  String event(String type) {
    return event(type, null, "{\"id\": \"p1\"}", Instant.now());
  }

  /** An attempt as a node logs it. */
  String attempt(
      String event, String endpoint, int number, String outcome, @Nullable Instant next) {
    UUID attempt = control.nextId();
    control.sql(
        """
        INSERT INTO attempts (organization_id, id, event_id, endpoint_id, number, outcome,
                              http_status, error, response_body, started_at, duration_ms,
                              next_attempt_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), 12, $10)\
        """,
        uuid(),
        attempt,
        eventUuid(event),
        endpointUuid(endpoint),
        (short) number,
        outcome,
        outcome.equals("succeeded") ? (short) 200 : (short) 500,
        outcome.equals("succeeded") ? null : "the endpoint answered 500",
        new byte[] {'o', 'k', (byte) 0xFF},
        next == null ? null : next.atOffset(ZoneOffset.UTC));
    return new AttemptId(attempt).toString();
  }

  /** A delivery as the journal writes it; of a node where one is given. */
  void delivery(String event, String endpoint, @Nullable Integer node) {
    control.sql(
        """
        INSERT INTO deliveries (organization_id, event_id, endpoint_id, attempts, due_at, node_id)
        VALUES ($1, $2, $3, 1, now() + interval '1 hour', $4)\
        """,
        uuid(),
        eventUuid(event),
        endpointUuid(endpoint),
        node);
  }
}
